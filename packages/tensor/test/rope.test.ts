import { describe, expect, test } from "vitest";
import {
  type Rope,
  type RopeScaling,
  ropeAngles,
  ropeFrequencies,
  ropeTurns,
} from "../src/rope.js";
import { type GoldenCase, goldenArea, largestDifference } from "./golden-files.js";

const kv = goldenArea("kv");
const cases = kv.cases.filter(({ id }) => id.startsWith("rope/"));

function ropeOf({ params }: GoldenCase): Rope {
  const { ropeType, ...given } = params.scaling as Record<string, number | string>;
  const names: Record<string, string> = {
    lowFreqFactor: "lowFrequencyFactor",
    highFreqFactor: "highFrequencyFactor",
    originalMaxPositionEmbeddings: "originalMaxPositions",
  };
  const renamed = Object.entries(given).map(([name, value]) => [names[name] ?? name, value]);
  return ropeFrequencies({
    theta: params.theta as number,
    headWidth: params.headDim as number,
    maxPositions: params.maxPositions as number,
    scaling: { kind: ropeType, ...Object.fromEntries(renamed) } as RopeScaling,
  });
}

/** keys [..., n, D], turned in place by angles [n, D]. */
function turned(keys: Float32Array, angles: Float32Array, width: number): Float32Array {
  const half = width / 2;
  const out = keys.slice();
  for (let row = 0; row < keys.length; row += width) {
    const at = row % angles.length;
    for (let i = 0; i < half; i++) {
      const [a, b] = [keys[row + i]!, keys[row + half + i]!];
      const [cos, sin] = [angles[at + i]!, angles[at + half + i]!];
      out[row + i] = a * cos - b * sin;
      out[row + half + i] = b * cos + a * sin;
    }
  }
  return out;
}

const named = (kind: string) =>
  cases.filter(({ id }) => id.endsWith(`/${kind}`)).map((golden) => [golden.id, golden] as const);

describe("agrees with transformers", () => {
  test("all five tables are there", () => {
    expect(named("table").length).toBe(5);
    expect(named("rerotate").length).toBe(5);
    expect(named("move").length).toBe(4);
  });

  test.each(named("table"))("%s", (_, golden) => {
    const rope = ropeOf(golden);
    const wanted = kv.tensor(golden.expect.inverseFrequencies).data as Float32Array;
    expect(largestDifference(rope.inverseFrequencies, wanted)).toBeLessThanOrEqual(1e-7);
    expect(rope.attentionScaling).toBeCloseTo(golden.expect.attentionScaling as number, 6);
    const positions = Array.from(kv.tensor(golden.inputs.positions).data, Number);
    const angles = ropeAngles(rope, positions);
    const width = 2 * rope.inverseFrequencies.length;
    for (const [name, from] of [["cos", 0] as const, ["sin", width / 2] as const]) {
      const { dims, data } = kv.tensor(golden.expect[name]);
      const columns = dims.at(-1)!; // the table may repeat its halves
      const ours = Float32Array.from({ length: data.length }, (_, i) => {
        const [row, column] = [Math.floor(i / columns), (i % columns) % (width / 2)];
        return angles[row * width + from + column]!;
      });
      const difference = largestDifference(ours, data as Float32Array);
      expect(difference).toBeLessThanOrEqual(golden.tolerance[name]!);
    }
  });

  test.each(named("rerotate"))("%s", (_, golden) => {
    const rope = ropeOf(golden);
    const { dims, data } = kv.tensor(golden.inputs.keys);
    const wanted = kv.tensor(golden.expect.keys);
    const kept = kv.tensor(golden.inputs.kept);
    const [length, width] = dims.slice(-2) as [number, number];
    const count = kept.dims.at(-1)!;
    const heads = data.length / (length * width);
    const ours = new Float32Array(wanted.data.length);
    for (let head = 0; head < heads; head++) {
      const from = Array.from(kept.data, Number).slice(head * count, (head + 1) * count);
      const rows = new Float32Array(count * width);
      from.forEach((slot, i) => {
        const at = (head * length + slot) * width;
        rows.set((data as Float32Array).subarray(at, at + width), i * width);
      });
      const angles = ropeTurns(
        rope,
        from,
        from.map((_, i) => i),
      );
      ours.set(turned(rows, angles, width), head * count * width);
    }
    const difference = largestDifference(ours, wanted.data as Float32Array);
    expect(difference).toBeLessThanOrEqual(golden.tolerance.keys!);
  });

  test.each(named("move"))("%s", (_, golden) => {
    const rope = ropeOf(golden);
    const keys = kv.tensor(golden.inputs.keys);
    const list = (name: string) => Array.from(kv.tensor(golden.inputs[name]).data, Number);
    const angles = ropeTurns(rope, list("from"), list("to"));
    const ours = turned(keys.data as Float32Array, angles, keys.dims.at(-1)!);
    const wanted = kv.tensor(golden.expect.keys).data as Float32Array;
    expect(largestDifference(ours, wanted)).toBeLessThanOrEqual(golden.tolerance.keys!);
  });
});

describe("laws", () => {
  const yarn = ropeFrequencies({
    theta: 10000,
    headWidth: 8,
    scaling: { kind: "yarn", factor: 4, originalMaxPositions: 64 },
  });

  test("position 0 is not turned, only scaled", () => {
    const angles = ropeAngles(yarn, [0]);
    expect([...angles.subarray(4)]).toEqual([0, 0, 0, 0]);
    expect(angles[0]).toBe(Math.fround(yarn.attentionScaling));
    expect([...ropeAngles(yarn, [0], undefined, { scaled: false })]).toEqual([
      1, 1, 1, 1, 0, 0, 0, 0,
    ]);
  });

  test("staying is exactly no turn; out is filled in place", () => {
    const out = new Float32Array(16);
    expect(ropeTurns(yarn, [5, 1000], [5, 1000], out)).toBe(out);
    expect([...out]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0]);
  });

  test("mscale ratios and whole bounds may be chosen", () => {
    const scaling = { kind: "yarn", factor: 4, originalMaxPositions: 64 } as const;
    const even = ropeFrequencies({
      theta: 10000,
      headWidth: 8,
      scaling: { ...scaling, mscale: 1, mscaleAllDim: 1 },
    });
    expect(even.attentionScaling).toBe(1);
    const open = ropeFrequencies({
      theta: 10000,
      headWidth: 8,
      scaling: { ...scaling, truncate: false },
    });
    expect([...open.inverseFrequencies]).not.toEqual([...yarn.inverseFrequencies]);
  });
});

test.each([
  [{ theta: 0, headWidth: 8 }, "theta"],
  [{ theta: 1e4, headWidth: 7 }, "headWidth"],
  [{ theta: 1e4, headWidth: 8, scaling: { kind: "linear", factor: 0 } }, "factor"],
  [{ theta: 1e4, headWidth: 8, scaling: { kind: "yarn", factor: 2 } }, "originalMaxPositions"],
  [{ theta: 1e4, headWidth: 8, scaling: { kind: "dynamo" } }, "scaling.kind"],
  [
    {
      theta: 1e4,
      headWidth: 8,
      scaling: {
        kind: "llama3",
        factor: 2,
        lowFrequencyFactor: 4,
        highFrequencyFactor: 4,
        originalMaxPositions: 64,
      },
    },
    "highFrequencyFactor",
  ],
])("%o is refused", (options, name) => {
  expect(() => ropeFrequencies(options as never)).toThrow(name);
});

test("arrays of another length are refused", () => {
  const rope = ropeFrequencies({ theta: 1e4, headWidth: 4 });
  expect(() => ropeAngles(rope, [1], new Float32Array(3))).toThrow("shape");
  expect(() => ropeTurns(rope, [1], [1, 2])).toThrow("shape");
  expect(() => ropeTurns(rope, [1], [2], new Float32Array(3))).toThrow("shape");
});
