import { createRandom } from "@frugal/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { filled } from "../../test/filled.js";
import { compress } from "../policy/compress.js";
import { openCompression } from "../policy/compression.js";
import { streamingLlm, streamingSlots } from "./streaming-llm.js";

test("keeps sinks and the newest, with room for what comes", () => {
  expect([...streamingSlots(12, { sinks: 2, window: 4 })]).toEqual([0, 1, 8, 9, 10, 11]);
  expect([...streamingSlots(12, { sinks: 2, window: 4, coming: 3 })]).toEqual([0, 1, 11]);
  expect([...streamingSlots(12, { sinks: 2, window: 4, coming: 9 })]).toEqual([0, 1]);
  expect([...streamingSlots(5, { sinks: 0, window: 3 })]).toEqual([2, 3, 4]);
});

test("keeps all while they fit; the sinks stay for ever", () => {
  const counts = fc.record({
    length: fc.nat(60),
    sinks: fc.nat(6),
    window: fc.nat(20),
    coming: fc.nat(30),
  });
  fc.assert(
    fc.property(counts, ({ length, ...options }) => {
      const kept = streamingSlots(length, options);
      const { sinks, window, coming } = options;
      if (length + coming <= sinks + window) expect(kept.length).toBe(length);
      else expect(kept.length).toBeLessThanOrEqual(sinks + Math.max(0, window - coming));
      for (let slot = 0; slot < Math.min(sinks, length); slot++) expect(kept[slot]).toBe(slot);
    }),
  );
});

test("grown step by step the cache holds what the rule keeps", async () => {
  const { cache, grow } = filled(20);
  const policy = compress({ scorer: streamingLlm({ sinks: 3 }), budget: { tokens: 11 } });
  const compression = openCompression(policy, { cache, random: createRandom(1) });
  let count = 20;
  for (const more of [0, 5, 1, 16]) {
    if (more > 0) grow(more);
    count += more;
    await compression.run("interval");
    const expected = [...streamingSlots(count, { sinks: 3, window: 8 })];
    expect([...cache.origins(1, 0)]).toEqual(expected);
  }
});

test("refuses counts that are none", () => {
  expect(() => streamingLlm({ sinks: -1 })).toThrow("sinks");
  expect(() => streamingSlots(3, { sinks: 1, window: 0.5 })).toThrow("window");
});
