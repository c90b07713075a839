import { floats } from "@frugal/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { openState } from "../state.js";
import { contextOf } from "../trial/model.js";
import { divPrune, maxMinDiversity } from "./divprune.js";

const matrix = (rows: readonly (readonly number[])[]) =>
  floats([rows.length, rows[0]?.length ?? 0], Float32Array.from(rows.flat()));

const CARD = matrix([
  [1, 0],
  [0.9, 0.1],
  [0, 1],
  [0.1, 0.9],
  [-1, 0.05],
]);

const features = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, width]) =>
    fc
      .array(fc.integer({ min: -40, max: 40 }), {
        minLength: rows * width,
        maxLength: rows * width,
      })
      .map((data) => floats([rows, width], Float32Array.from(data))),
  );

describe("maxMinDiversity", () => {
  test("picks as the card's example does, in that order", () => {
    expect([...maxMinDiversity(CARD, 3)]).toEqual([4, 0, 2]);
  });

  test("never repeats a token, also when all are duplicates", () => {
    const same = matrix([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect([...maxMinDiversity(same, 3)].sort()).toEqual([0, 1, 2]);
  });

  test("a token of NaN does not draw the choice", () => {
    const hostile = floats([5, 2], CARD.data.slice());
    hostile.data[2] = Number.NaN;
    expect([...maxMinDiversity(hostile, 3)]).not.toContain(1);
    expect(new Set(maxMinDiversity(hostile, 5)).size).toBe(5);
  });

  test("a smaller run is a prefix of a larger one", () => {
    fc.assert(
      fc.property(features, fc.nat(12), fc.nat(12), (x, a, b) => {
        const few = Math.min(a, b, x.dims[0]!);
        const many = Math.min(Math.max(a, b), x.dims[0]!);
        expect([...maxMinDiversity(x, many).subarray(0, few)]).toEqual([
          ...maxMinDiversity(x, few),
        ]);
      }),
    );
  });

  test("rows scaled by powers of two are chosen alike", () => {
    fc.assert(
      fc.property(features, fc.integer({ min: -3, max: 3 }), (x, power) => {
        const scaled = floats(
          x.dims,
          x.data.map((v) => v * 2 ** power),
        );
        expect([...maxMinDiversity(scaled, x.dims[0]!)]).toEqual([
          ...maxMinDiversity(x, x.dims[0]!),
        ]);
      }),
    );
  });
});

describe("divPrune", () => {
  test("keeps the chosen tokens, ascending, at compact positions", async () => {
    const { steps } = divPrune({ budget: { tokens: 3 } }).open(contextOf(5));
    const map = await steps[0]!.act({ features: CARD }, openState(5));
    expect([...map!.matrix.sources]).toEqual([0, 2, 4]);
    expect(map!.positions).toBe("compact");
  });

  test("has no step when the budget allows all", () => {
    expect(divPrune({ budget: { keepRatio: 1 } }).open(contextOf(5)).steps).toEqual([]);
    expect(divPrune({ budget: { tokens: 9 } }).open(contextOf(5)).steps).toEqual([]);
  });

  test("refuses a bad budget and features of another count", () => {
    const bad = () => divPrune({ budget: { keepRatio: 1.5 } }).open(contextOf(5));
    expect(codeOf(bad)).toBe("ArgumentError");
    const { steps } = divPrune({ budget: { tokens: 2 } }).open(contextOf(4));
    expect(codeOf(() => steps[0]!.act({ features: CARD }, openState(4)))).toBe("ShapeError");
  });
});
