import fc from "fast-check";
import { expect, it } from "vitest";
import { Heap } from "./heap.js";

it("gives the entries in order", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer(), { nil: null })), (steps) => {
      const heap = new Heap<number>((a, b) => a < b);
      const sorted: number[] = [];
      for (const step of steps) {
        if (step === null) {
          expect(heap.pop()).toBe(sorted.shift());
          continue;
        }
        heap.push(step);
        sorted.push(step);
        sorted.sort((a, b) => a - b);
        expect([heap.peek(), heap.size]).toEqual([sorted[0], sorted.length]);
      }
    }),
  );
});
