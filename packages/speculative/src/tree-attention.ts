/**
 * Turns the shape of a tree into what attention needs: who sees whom, and how deep a row lies.
 *
 * Paper    SpecInfer, arXiv:2305.09781; Medusa, arXiv:2401.10774 (its paths of ranks)
 * Shapes   parents [J] i32  ->  mask [J, J] u8 (1: row i sees row j), depths [J] i32
 * Units    a row's position is the position of the root + its depth
 * Cost     O(J * J)
 * Errors   ArgumentError for parents that do not stand before their children, and for paths whose beginning is missing
 */
import { ArgumentError } from "@frugal/tensor";
import { treeDepths } from "./tree.js";

export interface TreeAttention {
  readonly mask: Uint8Array;
  readonly depths: Int32Array;
}

export function buildTreeAttention(parents: Int32Array): TreeAttention {
  const rows = parents.length;
  const mask = new Uint8Array(rows * rows);
  for (let row = 0; row < rows; row++) {
    const parent = parents[row]!;
    if (row === 0 ? parent !== -1 : parent < 0 || parent >= row) {
      const expected = row === 0 ? "-1 (the root)" : `a row in 0..${row - 1}`;
      throw new ArgumentError("buildTreeAttention", `parents[${row}]`, expected, parent);
    }
    if (row > 0) mask.copyWithin(row * rows, parent * rows, parent * rows + row);
    mask[row * rows + row] = 1;
  }
  return { mask, depths: treeDepths(parents) };
}

/** Rows from the root to each leaf; the last leaf first. */
export function leafPaths(parents: Int32Array): number[][] {
  const isParent = new Uint8Array(parents.length);
  for (let row = 1; row < parents.length; row++) isParent[parents[row]!] = 1;
  const paths: number[][] = [];
  for (let leaf = parents.length - 1; leaf >= 0; leaf--) {
    if (isParent[leaf]) continue;
    const path: number[] = [];
    for (let row = leaf; row >= 0; row = parents[row]!) path.push(row);
    paths.push(path.reverse());
  }
  return paths;
}

/** A tree's shape, before it has tokens. */
export interface TreeTemplate {
  /** [J]; row 0 is the root. */
  readonly parents: Int32Array;
  /** [J]: which of its parent's likely successors a row carries; -1 for the root. */
  readonly ranks: Int32Array;
}

/** Rows sorted by depth, then path. Each path names a rank a level; all its beginnings must be there too. */
export function treeFromPaths(paths: readonly (readonly number[])[]): TreeTemplate {
  const where = "treeFromPaths";
  const sorted = [...paths].sort(byDepthThenPath);
  const rowOf = new Map<string, number>([["", 0]]);
  const parents = Int32Array.of(-1, ...sorted.map(() => 0));
  const ranks = parents.slice();
  sorted.forEach((path, i) => {
    const name = path.join();
    const parent = rowOf.get(path.slice(0, -1).join());
    const rank = path.at(-1);
    if (rank === undefined || !path.every((r) => Number.isInteger(r) && r >= 0)) {
      throw new ArgumentError(where, "path", "one or more ranks of at least 0", path);
    }
    if (rowOf.has(name)) throw new ArgumentError(where, "paths", "distinct", path);
    if (parent === undefined) {
      throw new ArgumentError(where, "paths", "complete: a path's beginning is one too", path);
    }
    rowOf.set(name, i + 1);
    parents[i + 1] = parent;
    ranks[i + 1] = rank;
  });
  return { parents, ranks };
}

function byDepthThenPath(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const at = a.findIndex((rank, i) => rank !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}
