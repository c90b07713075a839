/** The drafts that the verifier kit enumerates: shapes drawn from the draft laws, and fixed trees. */
import {
  allDrafts,
  CONTEXTUAL,
  FOUR_TOKENS,
  greedyOf,
  type ToyModel,
  treeOf,
  type WeightedTree,
} from "./toy-models.js";
import type { Verifier } from "./types.js";

/** Shapes drawn by chance: one child, two, a chain, a fork with a grandchild. */
const DRAWN_SHAPES: readonly (readonly [ToyModel, readonly number[]])[] = [
  [FOUR_TOKENS, [-1]],
  [FOUR_TOKENS, [-1, 0]],
  [FOUR_TOKENS, [-1, 0, 0]],
  [CONTEXTUAL, [-1, 0, 1]],
  [CONTEXTUAL, [-1, 0, 0, 1]],
];

/** Fixed drafts: none, siblings in both orders, equal siblings, chains, bushes. */
const FIXED_TREES: readonly (readonly [ToyModel, readonly number[], readonly number[]])[] = [
  [FOUR_TOKENS, [0], [-1]],
  [FOUR_TOKENS, [0, 1], [-1, 0]],
  [FOUR_TOKENS, [0, 1, 2], [-1, 0, 0]],
  [FOUR_TOKENS, [0, 2, 1], [-1, 0, 0]],
  [FOUR_TOKENS, [0, 3, 3, 0], [-1, 0, 0, 0]],
  [CONTEXTUAL, [0, 2, 2], [-1, 0, 1]],
  [CONTEXTUAL, [0, 0, 1, 2, 1], [-1, 0, 0, 1, 1]],
  [CONTEXTUAL, [0, 1, 1, 0, 2], [-1, 0, 0, 2, 1]],
];

export interface Case {
  readonly name: string;
  readonly model: ToyModel;
  readonly drafts: readonly WeightedTree[];
}

/** All drafts a verifier is tried on, for every kind that it accepts. */
export function casesOf(verifier: Verifier, greedy: boolean): Case[] {
  const toy = (model: ToyModel) => (greedy ? greedyOf(model) : model);
  return verifier.accepts.flatMap((drawn): Case[] => {
    if (drawn === "deterministic") {
      return FIXED_TREES.map(([model, tokens, parents]) => ({
        name: `${model.name}, fixed draft [${tokens}] of parents [${parents}]`,
        model: toy(model),
        drafts: [{ tree: treeOf(model, tokens, parents, drawn), weight: 1 }],
      }));
    }
    return DRAWN_SHAPES.map(([model, parents]) => ({
      name: `${model.name}, ${drawn} draft of parents [${parents}]`,
      model: toy(model),
      drafts: allDrafts(model, parents, drawn),
    }));
  });
}
