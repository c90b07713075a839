import fc from "fast-check";
import { expect, test } from "vitest";
import { QUESTION_KINDS, type QuestionKind, questions } from "./questions.js";
import { type SceneObject, scene } from "./scenes.js";

const object = (color: SceneObject["color"], shape: SceneObject["shape"], cell: number) => ({
  color,
  shape,
  row: Math.floor(cell / 4),
  col: cell % 4,
  radius: 5,
  x: 0,
  y: 0,
});

const small = {
  objects: [object("red", "circle", 0), object("blue", "star", 7), object("red", "ring", 15)],
};

/** Every question of a kind that the small scene allows, with its answer. */
function allOf(kind: QuestionKind): Record<string, string> {
  const list = questions(small, 1, 100, kind);
  return Object.fromEntries(list.map(({ question, answer }) => [question, answer]));
}

test("answers on a scene of three objects, by hand", () => {
  expect(allOf("colorOf")).toEqual({
    "what color is the circle?": "red",
    "what color is the star?": "blue",
    "what color is the ring?": "red",
  });
  expect(allOf("shapeOf")).toEqual({ "what shape is blue?": "star" });
  expect(allOf("where")).toEqual({
    "where is the red circle?": "top left",
    "where is the blue star?": "top right",
    "where is the red ring?": "bottom right",
  });
  expect(allOf("countAll")).toEqual({ "how many objects are there?": "three" });
  expect(allOf("countColor")).toMatchObject({
    "how many red objects are there?": "two",
    "how many blue objects are there?": "one",
    "how many green objects are there?": "zero",
  });
  expect(allOf("cornerOf")).toEqual({
    "what is in the top left?": "red circle",
    "what is in the top right?": "blue star",
    "what is in the bottom left?": "nothing",
    "what is in the bottom right?": "red ring",
  });
  expect(allOf("describe")).toEqual({ "list the objects.": "red circle, blue star, red ring" });
  expect(allOf("exists")).toMatchObject({
    "is there a red circle?": "yes",
    "is there a blue circle?": "no",
  });
});

test("questions are distinct, their targets exist, and the count is never passed", () => {
  fc.assert(
    fc.property(fc.integer(), fc.nat(20), (seed, count) => {
      const drawn = scene(seed);
      const list = questions(drawn, seed, count);
      expect(list.length).toBeLessThanOrEqual(count);
      expect(new Set(list.map(({ question }) => question)).size).toBe(list.length);
      for (const { targets, kind } of list) {
        expect(QUESTION_KINDS).toContain(kind);
        for (const target of targets) expect(drawn.objects[target]).toBeDefined();
      }
    }),
    { numRuns: 40 },
  );
});

test.each([
  [Number.NaN, 1, undefined, "seed"],
  [1, -1, undefined, "count"],
  [1, 1.5, undefined, "count"],
  [1, 1, "whoIs" as QuestionKind, "kind"],
] as const)("seed %d, count %d, kind %s are refused", (seed, count, kind, argument) => {
  expect(() => questions(small, seed, count, kind)).toThrow(
    expect.objectContaining({ code: "ArgumentError", argument }),
  );
});
