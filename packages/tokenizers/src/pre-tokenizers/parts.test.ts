import { expect, it } from "vitest";
import { loadTokenizer } from "../load.js";

it.each([
  [{ type: "Digits", individual_digits: true }, "a12b", ["a", "1", "2", "b"]],
  [{ type: "Digits", individual_digits: false }, "a12½b", ["a", "12½", "b"]],
  [{ type: "Punctuation", behavior: "Contiguous" }, "a!?b", ["a", "!?", "b"]],
  [{ type: "CharDelimiterSplit", delimiter: "-" }, "-a--b", ["a", "b"]],
  [{ type: "WhitespaceSplit" }, "a\u0085b\ufeffc", ["a", "b\ufeffc"]],
  [{ type: "BertPreTokenizer" }, "don't go", ["don", "'", "t", "go"]],
  [{ type: "FixedLength", length: 2 }, "a😀bcd", ["a😀", "bc", "d"]],
  [{ type: "UnicodeScripts" }, "aб c漢カ", ["a", "б ", "c", "漢カ"]],
  [
    { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
    "a  b",
    ["▁a", "▁", "▁b"],
  ],
  [{ type: "Metaspace", replacement: "▁", prepend_scheme: "never", split: false }, "a b", ["a▁b"]],
])("%j %j", async (pre_tokenizer, text, expected) => {
  const tokenizer = await loadTokenizer({
    version: "1.0",
    model: { type: "WordLevel", vocab: {}, unk_token: "<unk>" },
    pre_tokenizer,
  });
  expect(tokenizer.preTokenize(text).pieces).toEqual(expected);
});
