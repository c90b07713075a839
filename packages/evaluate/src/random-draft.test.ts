import { createRandom } from "@frugal/tensor";
import { expect, test } from "vitest";
import { randomDraft } from "./random-draft.js";

const context = (room: number) => ({
  tokens: Uint32Array.of(5, 6, 7),
  room,
  random: createRandom(1),
});

test("drafts a chain of tokens that occurred, below the last one", () => {
  const tree = randomDraft(3).propose(context(10));
  expect(tree.tokens).toHaveLength(4);
  expect(tree.tokens[0]).toBe(7);
  expect([...tree.parents]).toEqual([-1, 0, 1, 2]);
  expect([...tree.tokens].every((token) => token >= 5 && token <= 7)).toBe(true);
});

test("never exceeds the room, and repeats itself for a seed", () => {
  expect(randomDraft().propose(context(0)).tokens).toEqual(Uint32Array.of(7));
  expect(randomDraft().propose(context(2)).tokens).toHaveLength(3);
  expect(randomDraft().propose(context(4))).toEqual(randomDraft().propose(context(4)));
});
