import { floats } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { openState } from "../state.js";
import { contextOf } from "../trial/model.js";
import { fastV, lastRowAttention } from "./fastv.js";

/** Two heads, one row: a text token, four image tokens, a text token. */
const ROW = floats(
  [2, 1, 6],
  Float32Array.of(0.5, 0.1, 0.05, 0.3, 0.02, 0.03, 0.2, 0.1, 0.4, 0.05, 0.2, 0.05),
);

describe("fastV", () => {
  test("keeps the most attended image tokens at their positions", async () => {
    const { steps } = fastV({ budget: { keepRatio: 0.5 } }).open(contextOf(4));
    const map = (await steps[0]!.act({ attention: ROW }, openState(4, 1)))!;
    expect([...map.matrix.sources]).toEqual([1, 2]);
    expect([...(map.positions as Int32Array)]).toEqual([1, 2]);
    expect(map.order).toBe("spatial");
  });

  test("reads the layer before its stage, one row, and depends on the question", () => {
    const method = fastV({ budget: { tokens: 1 }, layer: 3 });
    const step = method.open(contextOf(4)).steps[0]!;
    expect(step.stage).toEqual({ at: "decoder", layer: 3 });
    expect(step.needs.attention).toMatchObject({ layer: 2, rows: "last", part: "decoder" });
    expect(method.dependsOn).toBe("question");
  });

  test("has no step for a whole budget", () => {
    expect(fastV({ budget: { tokens: 4 } }).open(contextOf(4)).steps).toEqual([]);
  });

  test("refuses layers, budgets, models and rows that do not fit", () => {
    const budget = { tokens: 1 };
    for (const layer of [0, 4, 1.5, Number.NaN])
      expect(codeOf(() => fastV({ budget, layer }).open(contextOf(4)))).toBe("ArgumentError");
    expect(codeOf(() => fastV({ budget: { tokens: -1 } }).open(contextOf(4)))).toBe(
      "ArgumentError",
    );
    const { decoder: _, ...model } = contextOf(4).model;
    expect(codeOf(() => fastV({ budget }).open({ ...contextOf(4), model }))).toBe(
      "CapabilityError",
    );
    const step = fastV({ budget }).open(contextOf(4)).steps[0]!;
    expect(codeOf(() => step.act({ attention: ROW }, openState(4, 3)))).toBe("ShapeError");
    const flat = floats([6], new Float32Array(6));
    expect(codeOf(() => step.act({ attention: flat }, openState(4)))).toBe("ShapeError");
  });
});

test("lastRowAttention averages heads and reads only the last row", () => {
  const attention = floats([1, 2, 3], Float32Array.of(9, 9, 9, 0.25, 0.5, 0.25));
  expect([...lastRowAttention(attention, 1, 2)]).toEqual([0.5, 0.25]);
  expect(codeOf(() => lastRowAttention(attention, 2, 2))).toBe("ShapeError");
});
