/**
 * Asks about a scene what its list of objects answers.
 *
 * Shapes   scene, seed, count  ->  at most `count` distinct questions, in the order drawn
 * Units    `targets` are indices into the scene's objects
 * Cost     at most 40 tries a question; a kind that the scene does not allow costs a try
 * Errors   ArgumentError for a seed, a count or a kind that is none
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { pick, type Random, random } from "./random.js";
import { COLOR_NAMES, GRID, type Scene, type SceneObject } from "./scenes.js";
import { checkCount, checkSeed } from "./seeds.js";
import { SHAPES } from "./shapes.js";

export const QUESTION_KINDS = [
  "colorOf",
  "shapeOf",
  "where",
  "countAll",
  "countColor",
  "exists",
  "cornerOf",
  "describe",
] as const;

export type QuestionKind = (typeof QUESTION_KINDS)[number];

export interface Question {
  readonly kind: QuestionKind;
  readonly question: string;
  readonly answer: string;
  /** Indices of the objects that the answer depends on: where a pruner must not cut. */
  readonly targets: readonly number[];
}

type Objects = readonly SceneObject[];
type Asked = Omit<Question, "kind">;

const TRIES = 40;
const NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"] as const;

/** Kinds are drawn uniformly unless one is given. */
export function questions(
  { objects }: Pick<Scene, "objects">,
  seed: number,
  count: number,
  kind?: QuestionKind,
): Question[] {
  checkSeed("questions", seed);
  checkCount("questions", count);
  if (kind !== undefined && !QUESTION_KINDS.includes(kind)) {
    throw new ArgumentError("questions", "kind", `one of ${QUESTION_KINDS.join(", ")}`, kind);
  }
  const draw = random(seed ^ 0x9e3779b9);
  const list: Question[] = [];
  const asked = new Set<string>();
  for (let tries = 0; list.length < count && tries < count * TRIES; tries++) {
    const drawn = kind ?? pick(draw, QUESTION_KINDS);
    const next = ASK[drawn](draw, objects);
    if (!next || asked.has(next.question)) continue;
    asked.add(next.question);
    list.push({ kind: drawn, ...next });
  }
  return list;
}

/** How each kind asks; undefined where the scene does not allow the question drawn. */
const ASK: Readonly<Record<QuestionKind, (draw: Random, objects: Objects) => Asked | undefined>> = {
  colorOf(draw, objects) {
    const shape = pick(draw, SHAPES);
    const target = onlyOne(objects, (object) => object.shape === shape);
    if (target === undefined) return undefined;
    const answer = objects[target]!.color;
    return { question: `what color is the ${shape}?`, answer, targets: [target] };
  },

  shapeOf(draw, objects) {
    const color = pick(draw, COLOR_NAMES);
    const target = onlyOne(objects, (object) => object.color === color);
    if (target === undefined) return undefined;
    return {
      question: `what shape is ${color}?`,
      answer: objects[target]!.shape,
      targets: [target],
    };
  },

  where(draw, objects) {
    const { color, shape } = pick(draw, objects);
    const target = onlyOne(objects, (object) => object.shape === shape && object.color === color);
    if (target === undefined) return undefined;
    const answer = quadrant(objects[target]!);
    return { question: `where is the ${color} ${shape}?`, answer, targets: [target] };
  },

  countAll(_draw, objects) {
    const answer = NUMBERS[objects.length]!;
    return { question: "how many objects are there?", answer, targets: everyIndex(objects) };
  },

  countColor(draw, objects) {
    const color = draw() < 0.75 ? pick(draw, objects).color : pick(draw, COLOR_NAMES);
    const targets = everyIndex(objects).filter((index) => objects[index]!.color === color);
    const answer = NUMBERS[targets.length]!;
    return { question: `how many ${color} objects are there?`, answer, targets };
  },

  exists(draw, objects) {
    const isTrue = draw() < 0.5;
    let { color, shape } = pick(draw, objects);
    if (!isTrue) {
      if (draw() < 0.5) color = pick(draw, COLOR_NAMES);
      else shape = pick(draw, SHAPES);
    }
    const target = objects.findIndex((o) => o.color === color && o.shape === shape);
    const question = `is there a ${color} ${shape}?`;
    if (target < 0) return { question, answer: "no", targets: [] };
    return { question, answer: "yes", targets: [target] };
  },

  cornerOf(draw, objects) {
    const corner = `${pick(draw, ["top", "bottom"])} ${pick(draw, ["left", "right"])}`;
    const targets = everyIndex(objects).filter((index) => quadrant(objects[index]!) === corner);
    if (targets.length > 1) return undefined;
    const answer = targets.length === 0 ? "nothing" : named(objects[targets[0]!]!);
    return { question: `what is in the ${corner}?`, answer, targets };
  },

  describe(_draw, objects) {
    const answer = objects.map(named).join(", ");
    return { question: "list the objects.", answer, targets: everyIndex(objects) };
  },
};

function quadrant({ row, col }: SceneObject): string {
  return `${row < GRID / 2 ? "top" : "bottom"} ${col < GRID / 2 ? "left" : "right"}`;
}

function named({ color, shape }: SceneObject): string {
  return `${color} ${shape}`;
}

function everyIndex(objects: Objects): number[] {
  return objects.map((_, index) => index);
}

/** Index of the one object that passes; undefined where none or several do. */
function onlyOne(objects: Objects, test: (object: SceneObject) => boolean): number | undefined {
  const hits = everyIndex(objects).filter((index) => test(objects[index]!));
  return hits.length === 1 ? hits[0] : undefined;
}
