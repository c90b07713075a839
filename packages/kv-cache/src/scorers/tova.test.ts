import { createRandom, floats } from "@frugal/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { filled, plainLayout } from "../../test/filled.js";
import { compress } from "../policy/compress.js";
import { openCompression } from "../policy/compression.js";
import { headMean, tova } from "./tova.js";

test("is the mean over heads of the last row", () => {
  const attention = floats(
    [2, 2, 3],
    Float32Array.of(9, 9, 9, 0.5, 0.5, 0, 9, 9, 9, 0, 0.25, 0.75),
  );
  expect([...headMean(attention).data]).toEqual([0.25, 0.375, 0.375]);
  expect(() => headMean(floats([2, 0, 3]))).toThrow("tova");
});

test("drops the least attended slot, one set for all heads; the newest may go", async () => {
  for (const [protectNewest, kept] of [
    [false, [0, 1, 2]],
    [true, [0, 2, 3]],
  ] as const) {
    const { cache } = filled(4, { layout: plainLayout(1, 2) });
    const policy = compress({ scorer: tova({ protectNewest }), budget: { tokens: 3 } });
    const compression = openCompression(policy, { cache, random: createRandom(1) });
    const attention = floats([1, 1, 4], Float32Array.of(0.4, 0.2, 0.3, 0.1));
    await compression.observe(0, { attention }, 3, 1);
    await compression.run("interval");
    for (const head of [0, 1]) expect([...cache.positions(0, head)]).toEqual(kept);
  }
});

test("the mean does not depend on the order of heads", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(64), { minLength: 6, maxLength: 6 }), (counts) => {
      const rows = Float32Array.from(counts, (count) => count / 64);
      const swapped = Float32Array.of(...rows.subarray(3), ...rows.subarray(0, 3));
      const mean = headMean(floats([2, 1, 3], rows));
      expect(headMean(floats([2, 1, 3], swapped)).data).toEqual(mean.data);
    }),
  );
});

test("nothing observed is a StateError", () => {
  const { cache } = filled(4);
  const session = tova().open(cache.layout, createRandom(1));
  expect(() => session.scores(0, cache)).toThrow("no attention");
});
