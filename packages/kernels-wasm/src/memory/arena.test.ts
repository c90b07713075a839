import { FrugalError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Arena } from "./arena.js";

const memory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 2 });

test("ranges never overlap, are aligned, and join again when all are free", () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ take: fc.integer({ min: 0, max: 90_000 }) }),
      fc.record({ free: fc.nat(50) }),
    ),
    { maxLength: 120 },
  );
  fc.assert(
    fc.property(steps, (acts) => {
      const arena = new Arena(memory());
      const held: { start: number; size: number }[] = [];
      for (const act of acts) {
        if ("take" in act) {
          const start = arena.allocate(act.take);
          expect(start % 16).toBe(0);
          expect(start + act.take).toBeLessThanOrEqual(arena.bytes.length);
          for (const other of held) {
            const isApart = start + act.take <= other.start || other.start + other.size <= start;
            expect(isApart || act.take === 0 || other.size === 0).toBe(true);
          }
          held.push({ start, size: act.take });
        } else if (held.length > 0) {
          const [gone] = held.splice(act.free % held.length, 1);
          arena.release(gone!.start, gone!.size);
        }
        const used = held.reduce((sum, { size }) => sum + Math.ceil(size / 16) * 16, 0);
        expect(arena.usedBytes).toBe(used);
      }
      for (const { start, size } of held) arena.release(start, size);
      expect(arena.usedBytes).toBe(0);
      const before = arena.bytes.length;
      arena.allocate(before - 1024); // all of it, in one piece
      expect(arena.bytes.length).toBe(before);
    }),
    { numRuns: 60 },
  );
});

test("derives its views again when the memory grows", () => {
  const arena = new Arena(memory());
  const { bytes } = arena;
  const at = arena.allocate(300_000);
  expect(arena.bytes === bytes).toBe(false);
  arena.floats[at / 4 + 70_000] = 1;
  expect(arena.bytes.buffer).toBe(arena.floats.buffer);
});

test("uses freed ranges again instead of growing", () => {
  const arena = new Arena(memory());
  const first = arena.allocate(50_000);
  arena.allocate(16);
  arena.release(first, 50_000);
  const size = arena.bytes.length;
  expect(arena.allocate(50_000)).toBe(first);
  expect(arena.bytes.length).toBe(size);
});

test("says DeviceError at its limit and goes on", () => {
  const arena = new Arena(memory(), 4 * 65536);
  const error = (() => {
    try {
      arena.allocate(300_000);
    } catch (thrown) {
      return thrown;
    }
    return null;
  })();
  expect(FrugalError.is(error, "DeviceError")).toBe(true);
  expect(arena.usedBytes).toBe(0);
  expect(arena.allocate(200_000)).toBeGreaterThan(0);
});

test("says DeviceError when the host refuses", () => {
  const arena = new Arena(new WebAssembly.Memory({ initial: 1, maximum: 2 }));
  expect(() => arena.allocate(200_000)).toThrow(/cannot grow/);
});
