import { expect, it } from "vitest";
import { loadTokenizer } from "../load.js";

const decoded = async (decoder: object, tokens: readonly string[]): Promise<string> => {
  const vocab = Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id]));
  const tokenizer = await loadTokenizer({
    version: "1.0",
    model: { type: "WordLevel", vocab, unk_token: "<unk>" },
    decoder,
  });
  return tokenizer.decode(tokens.map((token) => tokenizer.tokenToId(token)!));
};

it.each([
  [
    { type: "WordPiece", prefix: "##", cleanup: true },
    ["un", "##able", "to", "go", "."],
    "unable to go.",
  ],
  [{ type: "WordPiece", prefix: "##", cleanup: false }, ["##a", "b", "."], "##a b ."],
  [{ type: "WordPiece", prefix: "##", cleanup: true }, ["do", "n't", "I", "'m"], "don't I'm"],
  [{ type: "Metaspace", replacement: "▁", prepend_scheme: "always" }, ["▁a", "▁▁b", "c"], "a  bc"],
  [{ type: "Metaspace", replacement: "▁", prepend_scheme: "never" }, ["▁a", "▁b"], " a b"],
  [
    { type: "CTC", pad_token: "<pad>", word_delimiter_token: "|", cleanup: true },
    ["<pad>", "h", "h", "<pad>", "h", "|", "|", "o"],
    "hh o",
  ],
  [{ type: "BPEDecoder", suffix: "</w>" }, ["a", "b</w>", "c</w>"], "ab c"],
  [{ type: "Strip", content: "_", start: 1, stop: 1 }, ["__a__", "_"], "_a_"],
  [{ type: "Replace", pattern: { String: "x" }, content: "--" }, ["axx", "b"], "a----b"],
  [{ type: "ByteFallback" }, ["a", "<0xC3>", "<0xA9>", "<0xFF>", "b"], "a\ufffd\ufffd\ufffdb"],
  [{ type: "ByteFallback" }, ["<0xC3>", "<0xA9>", "b"], "éb"],
])("%j", async (decoder, tokens, expected) => {
  expect(await decoded(decoder, tokens)).toBe(expected);
});
