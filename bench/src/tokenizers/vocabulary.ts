/** Writes a rank file as a tokenizer.json: what a user of such a vocabulary loads. */

const PATTERN =
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** `ranks`: rows of a mark, the first rank and tokens in base64. */
export function o200kFile(ranks: string): object {
  const tokens = new Map<string, number>();
  for (const row of ranks.split("\n")) {
    const [, first, ...encoded] = row.split(" ");
    encoded.forEach((token, i) => {
      tokens.set(Buffer.from(token, "base64").toString("latin1"), Number(first) + i);
    });
  }
  const sorted = [...tokens].sort((a, b) => a[1] - b[1]);
  const vocab: Record<string, number> = {};
  const merges: [string, string][] = [];
  for (const [token, rank] of sorted) {
    vocab[named(token)] = rank;
    if (token.length < 2) continue;
    const [left, right] = halves(token, rank, tokens);
    merges.push([named(left), named(right)]);
  }
  return {
    version: "1.0",
    added_tokens: [{ id: 199_999, content: "<|endoftext|>", special: true }],
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: PATTERN }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
    model: { type: "BPE", vocab, merges, byte_fallback: false, ignore_merges: false },
  };
}

/** The two symbols that are left of a token when all merges below its rank are made. */
function halves(
  token: string,
  rank: number,
  tokens: ReadonlyMap<string, number>,
): [string, string] {
  const parts = [...token];
  while (parts.length > 2) {
    let least = rank;
    let at = -1;
    for (let i = 0; i + 1 < parts.length; i++) {
      const found = tokens.get(parts[i]! + parts[i + 1]!);
      if (found === undefined || found >= least) continue;
      least = found;
      at = i;
    }
    if (at < 0) throw new TypeError(`token ${rank} is not made of two`);
    parts.splice(at, 2, parts[at]! + parts[at + 1]!);
  }
  return parts as [string, string];
}

/** In the alphabet of GPT-2: 33-126, 161-172 and 174-255 stand for themselves, the others for U+0100 and up. */
const named = (bytes: string): string =>
  bytes.replace(/[\0-\x20\x7f-\xa0\xad]/g, (byte) => {
    const code = byte.charCodeAt(0);
    const place = code <= 32 ? code : code <= 160 ? code - 127 + 33 : 67;
    return String.fromCharCode(256 + place);
  });
