import { expect, test } from "vitest";
import { treeDepths } from "../tree.js";
import { treeFromPaths } from "../tree-attention.js";
import { RECYCLING_TREE_16, RECYCLING_TREE_80 } from "./token-recycling-template.js";

test("the paper's tree has 8, 21, 25, 15, 8 and 3 rows by depth, in order", () => {
  const { parents, ranks } = treeFromPaths(RECYCLING_TREE_80);
  const counts = new Map<number, number>();
  for (const depth of treeDepths(parents)) counts.set(depth, (counts.get(depth) ?? 0) + 1);
  expect([...counts.values()]).toEqual([1, 8, 21, 25, 15, 8, 3]);
  expect(Array.from(ranks.subarray(1))).toEqual(RECYCLING_TREE_80.map((path) => path.at(-1)));
});

test("the small tree holds the 16 paths of the largest product of weights by rank", () => {
  const weights = [0.45, 0.15, 0.08, 0.05, 0.03, 0.02, 0.015, 0.01];
  const product = (path: readonly number[]) => path.reduce((p, rank) => p * weights[rank]!, 1);
  const best = [...RECYCLING_TREE_80].sort((a, b) => product(b) - product(a)).slice(0, 16);
  const { parents, ranks } = treeFromPaths(best);
  expect(treeFromPaths(RECYCLING_TREE_16)).toEqual({ parents, ranks });
});
