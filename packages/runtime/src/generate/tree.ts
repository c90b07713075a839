/**
 * Draft trees: how deep a row stands, and what is left of a tree when there is little room.
 *
 * Shapes   parents [J] i32, -1 for row 0; parents stand before their children
 * Cost     O(J), and O(J V) where laws are cut
 * Errors   ArgumentError for a parent that does not stand before its row
 */
import { ArgumentError, type DraftTree } from "@frugal/tensor";

export function depthsOf(parents: Int32Array): Int32Array {
  const depths = new Int32Array(parents.length);
  for (let row = 1; row < parents.length; row++) {
    const parent = parents[row] as number;
    if (parent < 0 || parent >= row) {
      throw new ArgumentError("draft", `parents[${row}]`, `in 0..${row - 1}`, parent);
    }
    depths[row] = (depths[parent] as number) + 1;
  }
  return depths;
}

/** The rows of a tree at most `depth` below the root, and at most `rows` in all. Parents stay before children. */
export function shallower(tree: DraftTree, depth: number, rows: number): DraftTree {
  const depths = depthsOf(tree.parents);
  const kept: number[] = [];
  const place = new Int32Array(depths.length).fill(-1);
  for (let row = 0; row < depths.length && kept.length < rows; row++) {
    const parent = tree.parents[row] as number;
    const hasParent = row === 0 || (place[parent] as number) >= 0;
    if ((depths[row] as number) > depth || !hasParent) continue;
    place[row] = kept.length;
    kept.push(row);
  }
  if (kept.length === depths.length) return tree;
  const { laws, drawn } = tree;
  const width = laws?.dims[1] ?? 0;
  const cut = {
    tokens: Uint32Array.from(kept, (row) => tree.tokens[row] as number),
    parents: Int32Array.from(kept, (row) =>
      row === 0 ? -1 : (place[tree.parents[row] as number] as number),
    ),
    drawn,
  };
  if (!laws) return cut;
  const data = new Float32Array(kept.length * width);
  kept.forEach((row, i) => {
    data.set(laws.data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { ...cut, laws: { type: "float32", location: "cpu", dims: [kept.length, width], data } };
}
