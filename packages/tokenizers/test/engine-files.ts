/** Vocabularies for the engines: trained on texts that are hard to split, with tokens that no merge makes. */
import { byteCharacters, utf8At } from "../src/text/byte-characters.js";
import { drawing, drawnText } from "./engine-texts.js";
import type { File } from "./small.js";

const CHARACTERS = Array.from(byteCharacters(), (code) => String.fromCharCode(code));

export function byteText(text: string): string {
  const buffer = new Uint8Array(4);
  let out = "";
  for (let unit = 0; unit < text.length; ) {
    const count = utf8At(text, unit, text.length, buffer);
    for (let i = 0; i < count; i++) out += CHARACTERS[buffer[i]!]!;
    unit += count === 4 ? 2 : 1;
  }
  return out;
}

/** Pairs by how often they occur, counted anew for each merge: small and slow on purpose. */
function trainedMerges(count: number): [string, string][] {
  const draw = drawing(77);
  const words = Array.from({ length: 400 }, () => [...byteText(drawnText(draw, 8))]);
  const merges: [string, string][] = [];
  while (merges.length < count) {
    const counts = new Map<string, number>();
    for (const word of words)
      for (let i = 0; i + 1 < word.length; i++) {
        const pair = `${word[i]} ${word[i + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    const [best] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
    const [left, right] = best.split(" ") as [string, string];
    merges.push([left, right]);
    for (const word of words)
      for (let i = 0; i + 1 < word.length; i++)
        if (word[i] === left && word[i + 1] === right) word.splice(i, 2, left + right);
  }
  return merges;
}

let merges: [string, string][] | undefined;

export function engineFile(preTokenizer: object, ignoreMerges: boolean): File {
  merges ??= trainedMerges(500);
  const vocab: Record<string, number> = {};
  // Ids that begin above 0, have holes and do not follow the ranks.
  const put = (token: string): void => {
    if (!Object.hasOwn(vocab, token)) vocab[token] = 3 + 2 * Object.keys(vocab).length;
  };
  for (const text of ["hello", " world", "你好", "  \n", "'ll", "isPrototypeOf", "x".repeat(90)])
    put(byteText(text));
  for (const character of CHARACTERS.toReversed()) put(character);
  for (const [left, right] of merges) put(left + right);
  put("<s>");
  const begin = { id: vocab["<s>"]!, content: "<s>", special: true };
  return {
    version: "1.0",
    added_tokens: [begin],
    pre_tokenizer: preTokenizer,
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab, merges, ignore_merges: ignoreMerges },
  };
}
