import { expect, test } from "vitest";
import { drawing } from "../../test/engine-texts.js";
import { loadTokenizer } from "../load.js";

/** Merges by rank, one after the other, over all of a text at once. */
function merged(text: string, merges: readonly (readonly [string, string])[]): string[] {
  const parts = [...text].map((c) => ("▁ab😀".includes(c) ? c : "<unk>"));
  for (;;) {
    const rankAt = (i: number) =>
      merges.findIndex(([l, r]) => l === parts[i] && r === parts[i + 1]);
    let best = -1;
    for (let i = 0; i + 1 < parts.length; i++)
      if (rankAt(i) >= 0 && (best < 0 || rankAt(i) < rankAt(best))) best = i;
    if (best < 0) return parts;
    parts.splice(best, 2, parts[best]! + parts[best + 1]!);
  }
}

test.each([
  [
    [
      ["▁", "a"],
      ["a", "b"],
      ["▁a", "b"],
    ],
  ],
  [
    [
      ["a", "▁"],
      ["▁", "▁"],
      ["b", "a▁"],
      ["▁▁", "a"],
    ],
  ],
  [
    [
      ["😀", "▁"],
      ["▁", "b"],
      ["b", "b"],
      ["😀▁", "b"],
    ],
  ],
] as [string, string][][][])(
  "long pieces in words give the ids of the whole: %j",
  async (merges) => {
    const tokens = ["<unk>", "▁", "a", "b", "😀", ...merges.map(([l, r]) => l + r)];
    const tokenizer = await loadTokenizer({
      version: "1.0",
      model: {
        type: "BPE",
        unk_token: "<unk>",
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges,
      },
    });
    const draw = drawing(11);
    for (let i = 0; i < 400; i++) {
      const text = Array.from({ length: 10 + draw(30) }, () => "▁▁▁aabb😀x"[draw(10)] ?? "").join(
        "",
      );
      const whole = text.replace(/\p{Surrogate}/gu, "x");
      const wanted = merged(whole, merges).map((part) => tokens.indexOf(part));
      const { ids, offsets } = tokenizer.encodeWithOffsets(whole);
      expect([whole, ...ids]).toEqual([whole, ...wanted]);
      expect([...tokenizer.encode(whole)]).toEqual([...ids]);
      // Places follow one another without a gap.
      for (let k = 2; k < offsets.length; k += 2) expect(offsets[k]).toBe(offsets[k - 1]);
    }
  },
);

test("characters that are dropped cut nothing", async () => {
  const tokenizer = await loadTokenizer({
    version: "1.0",
    model: { type: "BPE", vocab: { a: 0, "▁": 1, "a▁": 2 }, merges: [["a", "▁"]] },
  });
  expect([...tokenizer.encode(`${"▁".repeat(20)}ax▁`)].slice(-1)).toEqual([2]);
});
