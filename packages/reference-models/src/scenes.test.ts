import fc from "fast-check";
import { expect, test } from "vitest";
import { COLOR_NAMES, COLORS, presenceOf, scene } from "./scenes.js";
import { EVALUATION_SEEDS, TRAINING_SCENE_SEEDS } from "./seeds.js";
import { insideOf, SHAPES } from "./shapes.js";

test("objects stand in reading order, each in a cell of its own, in the middle of it", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999 }), (seed) => {
      const { objects } = scene(seed);
      const cells = objects.map(({ row, col }) => row * 4 + col);
      expect(objects.length).toBeGreaterThanOrEqual(3);
      expect(objects.length).toBeLessThanOrEqual(7);
      expect(cells).toEqual([...new Set(cells)].sort((a, b) => a - b));
      for (const { x, y, row, col } of objects) {
        expect(Math.abs(x - col * 16 - 8)).toBeLessThanOrEqual(1.5);
        expect(Math.abs(y - row * 16 - 8)).toBeLessThanOrEqual(1.5);
      }
    }),
    { numRuns: 50 },
  );
});

test("an object's own pixels have its color, the ground has not", () => {
  const { pixels, objects } = scene(11);
  for (const { color, shape, x, y } of objects) {
    if (!insideOf(shape)(0, 0)) continue;
    const at = (Math.floor(y) * 64 + Math.floor(x)) * 3;
    COLORS[color].forEach((level, c) => {
      expect(Math.abs(pixels[at + c]! - level)).toBeLessThanOrEqual(13);
    });
  }
});

test("presence is color-major", () => {
  const { objects } = scene(5);
  const present = presenceOf({ objects });
  const distinct = new Set(objects.map(({ color, shape }) => `${color} ${shape}`));
  expect(present.length).toBe(64);
  expect(present.reduce((sum, here) => sum + here, 0)).toBe(distinct.size);
  for (const { color, shape } of objects) {
    expect(present[COLOR_NAMES.indexOf(color) * 8 + SHAPES.indexOf(shape)]).toBe(1);
  }
});

test("the list of names is the table's", () => {
  expect(COLOR_NAMES).toEqual(Object.keys(COLORS));
});

test("no evaluation seed is a training seed", () => {
  expect(EVALUATION_SEEDS.end).toBeLessThanOrEqual(TRAINING_SCENE_SEEDS.first);
});

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY])("seed %d is refused", (seed) => {
  expect(() => scene(seed)).toThrow(
    expect.objectContaining({ code: "ArgumentError", argument: "seed" }),
  );
});

test("a ring has a hole, a heart a dent, a cross no corners", () => {
  expect(insideOf("ring")(0, 0)).toBe(false);
  expect(insideOf("ring")(0.8, 0)).toBe(true);
  expect(insideOf("heart")(0, -0.75)).toBe(false);
  expect(insideOf("heart")(0, 0)).toBe(true);
  expect(insideOf("cross")(0.7, 0.7)).toBe(false);
  expect(insideOf("triangle")(0, -0.9)).toBe(true);
  expect(insideOf("triangle")(0.8, -0.5)).toBe(false);
});
