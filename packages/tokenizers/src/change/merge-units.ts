/**
 * One row for all rows of a unit: the sub-tokens of an identifier, the letters of a word.
 *
 * Paper    Saad et al., on merging the tokens of code, arXiv:2507.14423; Thawani et al., Learn Your Tokens, arXiv:2310.11628
 * Shapes   hidden [n, D], units [n]  ->  hidden [m, D], map [n] to rows of it
 * Cost     O(n D)
 * Differs  learned weights are a softmax over given scores within a unit; the paper does not say how it scores
 * Errors   ShapeError for lists of another length
 */
import { ShapeError } from "@frugal/tensor/errors";
import { checkMatrix, type Matrix, rowOf, softmax, zeros } from "./matrix.js";

export interface MergedUnits {
  /** [m, D] */
  readonly hidden: Matrix;
  /** [n]: the row of `hidden` that each row went into. */
  readonly map: Int32Array;
  /** [m]: rows that went into each; their sum is n. */
  readonly counts: Uint32Array;
}

/** Rows with the same unit become one, in the order of their first. `scores` [n]: their softmax weighs; default: the mean. */
export function mergeByUnit(
  hidden: Matrix,
  units: ArrayLike<number>,
  { scores }: { readonly scores?: ArrayLike<number> } = {},
): MergedUnits {
  checkMatrix("mergeByUnit", hidden);
  for (const list of [units, scores])
    if (list !== undefined && list.length !== hidden.rows)
      throw new ShapeError("mergeByUnit", [hidden.rows], [list.length]);
  const places = new Map<number, number>();
  const members: number[][] = [];
  const map = Int32Array.from(units, (unit, row) => {
    const place = places.get(unit) ?? places.size;
    places.set(unit, place);
    members[place] ??= [];
    members[place].push(row);
    return place;
  });
  const merged = zeros(members.length, hidden.columns);
  members.forEach((rows, place) => {
    const weights = softmax(rows.map((row) => scores?.[row] ?? 0));
    const into = rowOf(merged, place);
    rows.forEach((row, i) => {
      const from = rowOf(hidden, row);
      for (let c = 0; c < into.length; c++) into[c]! += weights[i]! * from[c]!;
    });
  });
  return { hidden: merged, map, counts: Uint32Array.from(members, ({ length }) => length) };
}

/** Each row of a unit gets the unit's. */
export function unmerge(hidden: Matrix, map: ArrayLike<number>): Matrix {
  checkMatrix("unmerge", hidden);
  const out = zeros(map.length, hidden.columns);
  for (let row = 0; row < map.length; row++) {
    const from = map[row]!;
    if (!(from >= 0 && from < hidden.rows)) throw new ShapeError("unmerge", [hidden.rows], [from]);
    out.data.set(rowOf(hidden, from), row * hidden.columns);
  }
  return out;
}

/** [n]: the word of each id, a new one wherever `isWordStart` says so. */
export function wordSegments(
  ids: ArrayLike<number>,
  isWordStart: (id: number, place: number) => boolean,
): Uint32Array {
  let word = -1;
  return Uint32Array.from(ids, (id, place) => {
    if (place === 0 || isWordStart(id, place)) word++;
    return word;
  });
}

/** [n, n], 1 where two places are of the same word: attention that stays inside words. */
export function segmentMask(segments: ArrayLike<number>): Uint8Array {
  const n = segments.length;
  return Uint8Array.from({ length: n * n }, (_, i) =>
    segments[Math.floor(i / n)] === segments[i % n] ? 1 : 0,
  );
}
