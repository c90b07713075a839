import { type HeadPlan, identityRows, keepRows, ropeAngles, ropeFrequencies } from "@frugal/tensor";
import { expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { filled, plainLayout } from "../../test/filled.js";

const layout = plainLayout(1, 2);
const table = ropeFrequencies({ theta: 100, headWidth: 4 });
const rope = { angles: (_: number, deltas: Int32Array) => ropeAngles(table, deltas) };
const original = { positions: "original" } as const;
const compact = { positions: "compact" } as const;

function keep(kept: readonly number[], count: number): HeadPlan {
  const rows = keepRows(kept, count);
  return { keysFrom: rows, valuesFrom: rows, positions: Int32Array.from(kept), logWeights: null };
}

/** Slots 0 and 1 become one, twice as heavy; the last one stays. */
function merged(count: number): HeadPlan {
  const rows = {
    rowCount: 2,
    sourceCount: count,
    starts: Uint32Array.of(0, 2, 3),
    sources: Uint32Array.of(0, 1, count - 1),
    weights: Float32Array.of(0.5, 0.5, 1),
  };
  const positions = Int32Array.of(1, count - 1);
  return {
    keysFrom: rows,
    valuesFrom: rows,
    positions,
    logWeights: Float32Array.of(Math.log(2), 0),
  };
}

test("merges slots: mean vectors, log weights, and an origin that goes with the latest token", async () => {
  const { cache } = filled(4, { layout });
  const before = await cache.keys(0, 0);
  cache.apply(0, [merged(4), null], original);
  const after = await cache.keys(0, 0);
  for (let d = 0; d < 4; d++) {
    expect(after.data[d]).toBeCloseTo((before.data[d]! + before.data[4 + d]!) / 2, 6);
    expect(after.data[4 + d]).toBe(before.data[12 + d]);
  }
  expect([...cache.logWeights(0, 0)!]).toEqual([Math.fround(Math.log(2)), 0]);
  expect(cache.logWeights(0, 1)).toBeNull();
  expect([...cache.origins(0, 0)]).toEqual([1, 3]);
  cache.truncate(1);
  expect(cache.length(0, 0)).toBe(0);
  expect(cache.length(0, 1)).toBe(1);
});

test("slots out of the order of their tokens are still cut by token", () => {
  const { cache, grow } = filled(4, { layout });
  const rows = { ...keepRows([3, 0, 2], 4) };
  const positions = Int32Array.of(3, 0, 2);
  cache.apply(
    0,
    [{ keysFrom: rows, valuesFrom: rows, positions, logWeights: null }, null],
    original,
  );
  grow(1);
  cache.truncate(3);
  expect([...cache.origins(0, 0)]).toEqual([0, 2]);
  expect([...cache.positions(0, 0)]).toEqual([0, 2]);
});

test("a codec stores slots anew; later rows take the cache's own format, in a run of their own", async () => {
  const { cache, backend, grow } = filled(64, { layout });
  const before = await cache.values(0, 0);
  const whole = identityRows(64);
  const plan: HeadPlan = {
    keysFrom: whole,
    valuesFrom: whole,
    positions: cache.positions(0, 0).slice(),
    logWeights: null,
    codec: { keys: "int8", values: "int8" },
  };
  const bytes = cache.byteLength();
  cache.apply(0, [plan, null], original);
  expect(cache.byteLength()).toBeLessThan(bytes);
  grow(3);
  expect(cache.runs(0)[0]!.map(({ format, length }) => [format, length])).toEqual([
    ["int8", 64],
    ["f32", 3],
  ]);
  const after = await cache.values(0, 0);
  const worst = before.data.reduce((most, x, i) => Math.max(most, Math.abs(x - after.data[i]!)), 0);
  expect(worst).toBeGreaterThan(0);
  expect(worst).toBeLessThanOrEqual(0.5 / 127 + 1e-6);
  // Evicting over both runs moves codes bit for bit.
  cache.apply(0, [keep([5, 63, 66], 67), null], original);
  expect([...cache.positions(0, 0)]).toEqual([5, 63, 66]);
  const kept = await cache.values(0, 0);
  expect([...kept.data.subarray(0, 4)]).toEqual([...after.data.subarray(20, 24)]);
  cache.truncate(10);
  expect(cache.runs(0)[0]!.length).toBeGreaterThan(0);
  grow(1);
  expect([...cache.positions(0, 0)]).toEqual([5, 10]);
  expect(backend.kv.byteLength()).toBe(cache.byteLength());
});

test("compact positions are right-aligned, and the next one follows the longest head", async () => {
  const { cache, grow } = filled(8, { layout, rope });
  cache.apply(0, [keep([0, 1, 4, 5, 7], 8), keep([2, 6], 8)], compact);
  expect([...cache.positions(0, 0)]).toEqual([0, 1, 2, 3, 4]);
  expect([...cache.positions(0, 1)]).toEqual([3, 4]);
  expect(cache.nextPosition(0)).toBe(5);
  grow(1);
  expect([...cache.positions(0, 1)]).toEqual([3, 4, 5]);
  cache.truncate(6);
  expect(cache.nextPosition(0)).toBe(4);
});

test("what does not fit is refused, and the layer stays as it was", async () => {
  const { cache, backend } = filled(4, { layout });
  const good = merged(4);
  const bytes = backend.kv.byteLength();
  const apply =
    (second: HeadPlan | null, options: object = original) =>
    () =>
      cache.apply(0, [good, second], options as never);
  expect(await codeOf(() => cache.apply(0, [good], original))).toBe("ShapeError");
  expect(await codeOf(apply(keep([0], 5)))).toBe("ShapeError");
  expect(await codeOf(apply({ ...keep([0, 1], 4), positions: Int32Array.of(0) }))).toBe(
    "ShapeError",
  );
  const wild = { ...keepRows([0, 1], 4), sources: Uint32Array.of(0, 9) };
  expect(await codeOf(apply({ ...keep([0, 1], 4), keysFrom: wild }))).toBe("ArgumentError");
  const codec = { keys: "int3", values: "int3" };
  expect(await codeOf(apply({ ...keep([0], 4), codec }))).toBe("CapabilityError");
  expect(await codeOf(apply(null, compact))).toBe("CapabilityError");
  expect(await codeOf(apply(null, { positions: "left" }))).toBe("ArgumentError");
  expect(cache.length(0, 0)).toBe(4);
  expect(backend.kv.byteLength()).toBe(bytes);
});
