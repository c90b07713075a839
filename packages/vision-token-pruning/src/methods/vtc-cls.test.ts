import { floats } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { openState } from "../state.js";
import { contextOf } from "../trial/model.js";
import { clsAttentionEnsemble, layersIn, vtcCls } from "./vtc-cls.js";

/** One head, the class token's row over itself and four image tokens. */
const row = (...values: number[]) => floats([1, 1, 5], Float32Array.from(values));

describe("vtcCls", () => {
  test("sums the layers and keeps the best, ascending, at compact positions", async () => {
    const { steps } = vtcCls({ budget: { tokens: 2 }, startLayer: 1 }).open(contextOf(4));
    const step = steps[0]!;
    expect(step.stage).toEqual({ at: "features" });
    const names = Object.keys(step.needs);
    expect(names.map((name) => step.needs[name]!.layer)).toEqual([1, 2]);
    const [first, second] = names as [string, string];
    const signals = { [first]: row(9, 5, 1, 2, 0), [second]: row(9, 0, 1, 4, 2) };
    const map = (await step.act(signals, openState(4)))!;
    expect([...map.matrix.sources]).toEqual([0, 2]);
    expect(map.positions).toBe("compact");
  });

  test("starts in the middle and leaves the last layer out", () => {
    const step = vtcCls({ budget: { tokens: 2 } }).open(contextOf(4)).steps[0]!;
    expect(Object.values(step.needs)).toEqual([
      { signal: "attention", part: "encoder", layer: 2, rows: "class" },
    ]);
  });

  test("has no step for a whole budget", () => {
    expect(vtcCls({ budget: { keepRatio: 1 } }).open(contextOf(4)).steps).toEqual([]);
  });

  test("refuses models without a class token, empty ranges and merged encoders", () => {
    const budget = { tokens: 2 };
    const open = () => vtcCls({ budget }).open(contextOf(4, { hasClassToken: false }));
    expect(codeOf(open)).toBe("CapabilityError");
    expect(codeOf(() => vtcCls({ budget, startLayer: 3 }).open(contextOf(4)))).toBe(
      "ArgumentError",
    );
    const step = vtcCls({ budget }).open(contextOf(4)).steps[0]!;
    const name = Object.keys(step.needs)[0]!;
    expect(codeOf(() => step.act({ [name]: row(1, 2, 3, 4, 5) }, openState(3)))).toBe("ShapeError");
  });
});

test("layersIn counts as slices do", () => {
  expect(layersIn(6, {})).toEqual([3, 5]);
  expect(layersIn(6, { startLayer: -2, endLayer: 99 })).toEqual([4, 6]);
  expect(layersIn(6, { startLayer: 0, endLayer: -1 })).toEqual([0, 5]);
  for (const range of [{ startLayer: -7 }, { startLayer: 0.5 }, { startLayer: 2, endLayer: 2 }])
    expect(codeOf(() => layersIn(6, range))).toBe("ArgumentError");
});

test("clsAttentionEnsemble takes the image's columns: the last ones", () => {
  const bare = floats([2, 2], Float32Array.of(0.25, 0.75, 0.5, 0.5));
  const classed = floats([1, 3], Float32Array.of(9, 0.5, 0.25));
  expect([...clsAttentionEnsemble([bare, classed], 2)]).toEqual([0.875, 0.875]);
});
