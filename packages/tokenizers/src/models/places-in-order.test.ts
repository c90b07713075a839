import { expect, it } from "vitest";
import { loadTokenizer } from "../load.js";

/** The bytes of é (two) and of 한 (three), and an unknown token. */
const tokenizer = (fuse_unk: boolean) =>
  loadTokenizer({
    version: "1.0",
    model: {
      type: "BPE",
      unk_token: "<unk>",
      fuse_unk,
      byte_fallback: true,
      vocab: { "<unk>": 0, "<0xC3>": 1, "<0xA9>": 2, "<0xED>": 3, "<0x95>": 4, "<0x9C>": 5, a: 6 },
      merges: [],
    },
  });

it.each([
  // 😀 is unknown: the bytes of é come first and have the place of bytes 0 and 1, which are in 😀.
  ["😀éa", false, [1, 2, 0, 6], [0, 2, 0, 2, 0, 3, 3, 4]],
  ["한😀a", false, [3, 4, 5, 0, 6], [0, 1, 0, 1, 0, 1, 1, 3, 3, 4]],
  ["ßßé", false, [0, 1, 2, 0], [0, 1, 1, 2, 1, 2, 2, 3]],
  ["ßßé", true, [1, 2, 0], [0, 1, 0, 1, 1, 3]],
  ["ßéßéa", true, [1, 2, 1, 2, 0, 6], [0, 1, 0, 1, 1, 2, 1, 2, 2, 4, 4, 5]],
])("%s, unknown ones fused: %s", async (text, fuse, ids, offsets) => {
  const encoding = (await tokenizer(fuse)).encodeWithOffsets(text);
  expect([...encoding.ids]).toEqual(ids);
  expect([...encoding.offsets]).toEqual(offsets);
});
