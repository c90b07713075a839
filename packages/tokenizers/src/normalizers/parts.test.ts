import { expect, it } from "vitest";
import { loadTokenizer } from "../load.js";

it.each([
  [{ type: "Nmt" }, "a\x01\x7fb\u200bc\ufeffd\u00a0", "ab c d\u00a0"],
  [{ type: "Strip", strip_left: true, strip_right: false }, "\u3000\u0085a ", "a "],
  [{ type: "Strip", strip_left: false, strip_right: true }, " a\ufeff\n", " a\ufeff"],
  [{ type: "Replace", pattern: { String: "aa" }, content: "b" }, "aaa", "ba"],
  [{ type: "Replace", pattern: { Regex: "\\s+" }, content: "" }, "a \u0085\nb", "ab"],
  [{ type: "Prepend", prepend: "▁" }, "a", "▁a"],
  [{ type: "Prepend", prepend: "▁" }, "", ""],
  [{ type: "Lowercase" }, "ΑΣ İK", "ασ i\u0307k"],
  [{ type: "BertNormalizer" }, "É漢\t\x00x", "e 漢  x"],
])("%j %j", async (normalizer, text, expected) => {
  const tokenizer = await loadTokenizer({
    version: "1.0",
    model: { type: "WordLevel", vocab: {}, unk_token: "<unk>" },
    normalizer,
  });
  expect(tokenizer.normalize(text)).toBe(expected);
});
