/**
 * Draft trees: rows of tokens, each naming the row it follows.
 *
 * Shapes   tokens [J] u32, parents [J] i32; row 0 is the root with parent -1, every other parent stands before its child
 * Cost     O(J) each, `childrenOf` O(J) a call
 * Errors   ArgumentError from `validateTree`; ShapeError where the arrays disagree in length
 */
import { ArgumentError, type DraftTree, ShapeError } from "@frugal/tensor";

export interface TreeLimits {
  /** Most rows, the root included. */
  readonly maxRows?: number;
  readonly vocabularySize?: number;
}

/** One path: each token follows the one before. */
export function chainTree(root: number, tokens: ArrayLike<number>): DraftTree {
  const rows = tokens.length + 1;
  const ids = new Uint32Array(rows);
  const parents = new Int32Array(rows);
  ids[0] = root;
  parents[0] = -1;
  for (let i = 1; i < rows; i++) {
    ids[i] = tokens[i - 1]!;
    parents[i] = i - 1;
  }
  return { tokens: ids, parents, drawn: "deterministic" };
}

/** Returns the tree, or says what is wrong with it. */
export function validateTree(tree: DraftTree, limits: TreeLimits = {}): DraftTree {
  const where = "validateTree";
  const { tokens, parents, laws } = tree;
  const rows = tokens.length;
  if (parents.length !== rows) throw new ShapeError(where, [rows], [parents.length]);
  if (rows === 0) throw new ArgumentError(where, "tree", "at least the root", "no row");
  const maxRows = limits.maxRows ?? Number.POSITIVE_INFINITY;
  if (rows > maxRows) throw new ArgumentError(where, "tree", `at most ${maxRows} rows`, rows);
  if (parents[0] !== -1) throw new ArgumentError(where, "parents[0]", "-1 (the root)", parents[0]);
  for (let row = 1; row < rows; row++) {
    const parent = parents[row]!;
    if (parent < 0 || parent >= row) {
      throw new ArgumentError(where, `parents[${row}]`, `a row in 0..${row - 1}`, parent);
    }
  }
  const vocabularySize = limits.vocabularySize ?? Number.POSITIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    if (tokens[row]! < vocabularySize) continue;
    throw new ArgumentError(
      where,
      `tokens[${row}]`,
      `a token below ${vocabularySize}`,
      tokens[row],
    );
  }
  if (tree.drawn !== "deterministic" && !laws) {
    throw new ArgumentError(where, "laws", `given for a tree drawn "${tree.drawn}"`, "none");
  }
  if (laws && (laws.dims.length !== 2 || laws.dims[0] !== rows)) {
    throw new ShapeError(where, [rows, -1], laws.dims);
  }
  return tree;
}

/** Rows below the root: 0 for the root itself. */
export function treeDepths(parents: Int32Array): Int32Array {
  const depths = new Int32Array(parents.length);
  for (let row = 1; row < parents.length; row++) depths[row] = depths[parents[row]!]! + 1;
  return depths;
}

/** Rows whose parent is `row`, in draw order. */
export function childrenOf(tree: DraftTree, row: number): number[] {
  const children: number[] = [];
  for (let i = row + 1; i < tree.parents.length; i++) {
    if (tree.parents[i] === row) children.push(i);
  }
  return children;
}

/** The first child of `row` that carries `token`; -1 if none does. */
export function childWith(tree: DraftTree, row: number, token: number): number {
  const { tokens, parents } = tree;
  for (let i = row + 1; i < parents.length; i++) {
    if (parents[i] === row && tokens[i] === token) return i;
  }
  return -1;
}

/** At most `room` rows below the root. Parents stand before children, so the first rows are a tree themselves. */
export function cutTree(tree: DraftTree, room: number): DraftTree {
  if (!(room >= 0)) throw new ArgumentError("cutTree", "room", "0 or more", room);
  const rows = Math.floor(room) + 1;
  if (rows >= tree.tokens.length) return tree;
  const cut = { tokens: tree.tokens.subarray(0, rows), parents: tree.parents.subarray(0, rows) };
  if (!tree.laws) return { ...cut, drawn: tree.drawn };
  const width = tree.laws.dims[1]!;
  const data = tree.laws.data.subarray(0, rows * width);
  return { ...cut, drawn: tree.drawn, laws: { ...tree.laws, dims: [rows, width], data } };
}
