/**
 * Small laws that the conformance kits enumerate, and every draft that can be drawn from them.
 *
 * Shapes   laws [V] f32 by the path of tokens below the root
 * Order    masses are sixteenths: f32 holds them exactly, so an exact verifier comes out exact
 */
import { type DraftTree, floats } from "@frugal/tensor";
import type { Drawn } from "./types.js";

export interface ToyModel {
  readonly name: string;
  readonly width: number;
  /** Emitted tokens whose joint law is compared. */
  readonly depth: number;
  target(path: readonly number[]): Float32Array;
  draft(path: readonly number[]): Float32Array;
}

const sixteenths = (...parts: number[]) => Float32Array.from(parts, (part) => part / 16);

/** Four tokens, the same laws everywhere; the residual of a rejection has two tokens. */
export const FOUR_TOKENS: ToyModel = {
  name: "four tokens",
  width: 4,
  depth: 2,
  target: () => sixteenths(7, 5, 3, 1),
  draft: () => sixteenths(1, 3, 5, 7),
};

const TARGETS: readonly (readonly number[])[] = [
  [6, 3, 7],
  [2, 9, 5],
  [8, 4, 4],
  [1, 5, 10],
];
const DRAFTS: readonly (readonly number[])[] = [
  [4, 8, 4],
  [7, 3, 6],
  [3, 10, 3],
];

/** Three tokens, laws that change with the whole path. */
export const CONTEXTUAL: ToyModel = {
  name: "context-dependent",
  width: 3,
  depth: 3,
  target: (path) => sixteenths(...TARGETS[mixed(path) % TARGETS.length]!),
  draft: (path) => sixteenths(...DRAFTS[mixed(path) % DRAFTS.length]!),
};

const mixed = (path: readonly number[]): number =>
  path.reduce((sum, token, i) => sum + (token + 1) * (2 * i + 1), 0);

/** The model at temperature 0. */
export function greedyOf(model: ToyModel): ToyModel {
  const target = (path: readonly number[]): Float32Array => {
    const law = model.target(path);
    const best = law.indexOf(Math.max(...law));
    return law.map((_, token) => (token === best ? 1 : 0));
  };
  return { ...model, name: `${model.name}, greedy`, target };
}

/** Tokens from the root down to a row, without the root's. */
export function pathOf(tree: Pick<DraftTree, "tokens" | "parents">, row: number): number[] {
  const path: number[] = [];
  for (let at = row; at > 0; at = tree.parents[at]!) path.unshift(tree.tokens[at]!);
  return path;
}

export interface WeightedTree {
  readonly tree: DraftTree;
  readonly weight: number;
}

/** Every way to draw a tree of this shape from the draft laws, with its probability. */
export function allDrafts(
  model: ToyModel,
  parents: readonly number[],
  drawn: "independent" | "withoutReplacement",
): WeightedTree[] {
  let partial = [{ tokens: [0], weight: 1 }];
  for (let row = 1; row < parents.length; row++) {
    partial = partial.flatMap(({ tokens, weight }) => {
      const law = childLaw(model, tokens, parents, row, drawn);
      return law.flatMap((mass, token) =>
        mass > 0 ? [{ tokens: [...tokens, token], weight: weight * mass }] : [],
      );
    });
  }
  return partial.map(({ tokens, weight }) => ({
    tree: treeOf(model, tokens, parents, drawn),
    weight,
  }));
}

function childLaw(
  model: ToyModel,
  tokens: readonly number[],
  parents: readonly number[],
  row: number,
  drawn: Drawn,
): number[] {
  const parent = parents[row]!;
  const shape = { tokens: Uint32Array.from(tokens), parents: Int32Array.from(parents) };
  const law = Array.from(model.draft(pathOf(shape, parent)));
  if (drawn === "independent") return law;
  for (let i = 1; i < row; i++) if (parents[i] === parent) law[tokens[i]!] = 0;
  const left = law.reduce((a, b) => a + b, 0);
  return law.map((mass) => mass / left);
}

export function treeOf(
  model: ToyModel,
  tokens: readonly number[],
  parents: readonly number[],
  drawn: Drawn,
): DraftTree {
  const shape = { tokens: Uint32Array.from(tokens), parents: Int32Array.from(parents), drawn };
  if (drawn === "deterministic") return shape;
  const data = new Float32Array(tokens.length * model.width);
  tokens.forEach((_, row) => {
    data.set(model.draft(pathOf(shape, row)), row * model.width);
  });
  return { ...shape, laws: floats([tokens.length, model.width], data) };
}
