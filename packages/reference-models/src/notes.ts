/**
 * Hides facts in a passage and asks for them at its end.
 *
 * Shapes   paragraphs, seed, count  ->  text, and `count` questions in the order asked
 * Cost     one shuffle of the 192 (name, thing) pairs
 * Errors   ArgumentError for a seed that is no integer, more than 192 facts, or no paragraph to hide them in
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { pick, random, shuffle } from "./random.js";
import { checkCount, checkSeed } from "./seeds.js";

const NAMES = [
  "Lily",
  "Tom",
  "Anna",
  "Jack",
  "Rose",
  "Hans",
  "Greta",
  "Peter",
  "Mary",
  "Ivan",
  "Clara",
  "Otto",
  "Nora",
  "Felix",
  "Ida",
  "Karl",
] as const;
const THINGS = [
  "key",
  "box",
  "book",
  "coat",
  "lamp",
  "boat",
  "ring",
  "cup",
  "hat",
  "door",
  "horse",
  "bell",
] as const;
const ADJECTIVES = [
  "red",
  "silver",
  "tiny",
  "broken",
  "golden",
  "wooden",
  "green",
  "heavy",
  "old",
  "striped",
  "blue",
  "round",
] as const;
const PLACES = [
  "the mill",
  "the garden",
  "the tower",
  "the cellar",
  "the forest",
  "the bridge",
  "the kitchen",
  "the harbour",
  "the attic",
  "the well",
  "the barn",
  "the chapel",
] as const;

const MOST_FACTS = NAMES.length * THINGS.length;

export interface Fact {
  readonly statement: string;
  readonly question: string;
  readonly answer: string;
}

export interface Notes {
  /** The passage, then one line `Question: ... Answer: ....` a fact. */
  readonly text: string;
  readonly asked: readonly Omit<Fact, "statement">[];
}

/** Facts about distinct (name, thing) pairs: where something is hidden, or what it is like. */
export function facts(seed: number, count: number): Fact[] {
  checkSeed("facts", seed);
  checkCount("facts", count, MOST_FACTS);
  const draw = random(seed ^ 0x7f4a7c15);
  const pairs = NAMES.flatMap((name) => THINGS.map((thing) => ({ name, thing })));
  return shuffle(draw, pairs)
    .slice(0, count)
    .map(({ name, thing }) => {
      if (draw() < 0.5) {
        const answer = pick(draw, PLACES);
        const statement = `${name} hid the ${thing} in ${answer}.`;
        return { statement, question: `Where did ${name} hide the ${thing}?`, answer };
      }
      const answer = pick(draw, ADJECTIVES);
      const statement = `The ${thing} of ${name} is ${answer}.`;
      return { statement, question: `What is the ${thing} of ${name} like?`, answer };
    });
}

/** Statements go behind random paragraphs, the first fact first; the questions come in another order. */
export function withNotes(paragraphs: readonly string[], seed: number, count: number): Notes {
  checkSeed("withNotes", seed);
  checkCount("withNotes", count, MOST_FACTS);
  if (paragraphs.length === 0 && count > 0) {
    throw new ArgumentError("withNotes", "paragraphs", "at least one paragraph", paragraphs);
  }
  const draw = random(seed ^ 0x2545f491);
  const hidden = facts(seed, count);
  const body = [...paragraphs];
  for (const { statement } of hidden) {
    const at = Math.floor(draw() * body.length);
    body[at] = `${body[at]} ${statement}`;
  }
  const asked = shuffle(draw, hidden).map(({ question, answer }) => ({ question, answer }));
  const lines = asked.map(({ question, answer }) => `Question: ${question} Answer: ${answer}.`);
  return { text: `${body.join("\n")}\n${lines.join("\n")}`, asked };
}
