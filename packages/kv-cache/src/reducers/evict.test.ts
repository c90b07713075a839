import fc from "fast-check";
import { expect, test } from "vitest";
import { filled } from "../../test/filled.js";
import { evict, keptSlots } from "./evict.js";

test("ties go to the lower slot, NaN goes first", () => {
  const kept = (scores: number[], count: number) => [...keptSlots(scores, count, () => false)];
  expect(kept([1, 3, 1, 1], 2)).toEqual([0, 1]);
  expect(kept([Number.NaN, -Infinity, 0], 2)).toEqual([1, 2]);
  expect(kept([1, 2], 9)).toEqual([0, 1]);
  expect(kept([], 0)).toEqual([]);
});

test("keeps what is protected, then the best: never a worse one than an evicted one", () => {
  const slot = fc.record({ score: fc.integer({ min: -5, max: 5 }), isProtected: fc.boolean() });
  fc.assert(
    fc.property(fc.array(slot, { maxLength: 40 }), fc.nat(40), (slots, count) => {
      const isProtected = (i: number) => slots[i]!.isProtected;
      const kept = [
        ...keptSlots(
          slots.map((s) => s.score),
          count,
          isProtected,
        ),
      ];
      const safe = slots.filter((s) => s.isProtected).length;
      expect(kept.length).toBe(Math.min(slots.length, Math.max(count, safe)));
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      const gone = slots.map((_, i) => i).filter((i) => !kept.includes(i));
      const open = kept.filter((i) => !isProtected(i));
      for (const lost of gone) {
        expect(isProtected(lost)).toBe(false);
        for (const stays of open) {
          expect(slots[stays]!.score).toBeGreaterThanOrEqual(slots[lost]!.score);
        }
      }
    }),
  );
});

test("refuses scores of another length and a count that is none", () => {
  const { cache } = filled(5);
  const reduce = (slots: number, length: number) => () =>
    evict().reduce({ layer: 0, head: 0, slots, scores: new Float32Array(length), cache });
  expect(reduce(3, 4)).toThrow("evict");
  expect(reduce(-1, 5)).toThrow("slots");
});
