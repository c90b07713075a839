import { describe, expect, it } from "vitest";
import { byteLevelFile } from "../../test/small.js";
import { loadTokenizer } from "../load.js";

const loaded = (more: object = {}) => loadTokenizer({ ...byteLevelFile(), ...more });

describe("encodeInput", () => {
  it("gives type ids, masks and words of two texts", async () => {
    const processor = { type: "BertProcessing", cls: ["<s>", 262], sep: ["</s>", 263] };
    const tokenizer = await loaded({ post_processor: processor });
    const encoding = tokenizer.encodeInput({ text: "a b", pair: "c" });
    expect([...encoding.ids]).toEqual([262, 97, 32, 98, 263, 99, 263]);
    expect([...encoding.typeIds]).toEqual([0, 0, 0, 0, 0, 1, 1]);
    expect([...encoding.wordIds]).toEqual([-1, 0, 1, 1, -1, 0, -1]);
    expect([...encoding.sequenceIds]).toEqual([-1, 0, 0, 0, -1, 1, -1]);
    expect([...encoding.specialTokensMask]).toEqual([1, 0, 0, 0, 1, 0, 1]);
  });

  it.each([
    ["right", [262, 97, 98, 99, 263]],
    ["left", [262, 100, 101, 102, 263]],
    ["middle", [262, 97, 98, 102, 263]],
  ] as const)("keeps the tokens that are added when it cuts: %s", async (side, ids) => {
    const tokenizer = await loaded();
    const truncation = { maxLength: 5, side };
    expect([...tokenizer.encode("abcdef", { truncation })]).toEqual(ids);
    expect(tokenizer.count("abcdef", { truncation })).toBe(5);
  });

  it("gives what was cut off in windows that overlap", async () => {
    const truncation = { maxLength: 5, stride: 1 };
    const { overflowing } = (await loaded()).encodeInput({ text: "abcdef" }, { truncation });
    expect(overflowing.map(({ ids }) => [...ids])).toEqual([
      [262, 99, 100, 101, 263],
      [262, 101, 102, 263],
    ]);
  });

  it.each([
    { maxLength: 1 },
    { maxLength: 4, stride: 2 },
    { maxLength: 4, strategy: "only-second" as const },
    { maxLength: 2.5 },
  ])("refuses a truncation that cannot be done: %o", async (truncation) => {
    const tokenizer = await loaded();
    expect(() => tokenizer.encode("abcdef", { truncation })).toThrow(/truncation/);
  });

  it("fills a batch up to the longest, or to a multiple", async () => {
    const tokenizer = await loaded();
    const padding = { id: 0, multipleOf: 4, side: "left" as const };
    const batch = tokenizer.encodeBatch([{ text: "a" }, { text: "abc" }], { padding });
    expect(batch.map(({ ids }) => ids.length)).toEqual([8, 8]);
    expect([...batch[0]!.attentionMask]).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
  });

  it("counts offsets in bytes when asked, words by themselves", async () => {
    const tokenizer = await loaded();
    const bytes = { offsetUnit: "bytes", addSpecialTokens: false } as const;
    expect([...tokenizer.encodeWithOffsets("é😀a", bytes).offsets].slice(-2)).toEqual([6, 7]);
    const words = tokenizer.encodeInput({ text: ["é", "a"] }, bytes);
    expect([...words.offsets]).toEqual([0, 2, 0, 1]);
    expect([...words.wordIds]).toEqual([0, 1]);
  });
});
