/**
 * Rows for tokens that a model does not know yet, from the rows of the tokens that spell them; and which spelling fits.
 *
 * Paper    tool tokens: arXiv:2506.14248; K-Tokeniser: arXiv:2406.14312
 * Shapes   matrix [V, D]  ->  row [D]; candidates, context [D]  ->  the place of one candidate
 * Cost     O(ids D); O(candidates D)
 * Differs  how the first paper pools is not said: the mean is the default here
 * Errors   ArgumentError for a text without tokens, ids without a row, no candidates; ShapeError for vectors that do not fit
 */
import { ArgumentError, ShapeError } from "@frugal/tensor/errors";
import type { Tokenizer } from "../types.js";
import { addRows, checkMatrix, cosine, type Matrix, rowOf } from "./matrix.js";

/** The row that a new token for `text` (a tool's name or description) begins with. */
export function initTokenFromText(
  text: string,
  tokenizer: Pick<Tokenizer, "encode">,
  matrix: Matrix,
  { pool = "mean" }: { readonly pool?: "mean" | "max" } = {},
): Float32Array {
  checkMatrix("initTokenFromText", matrix);
  const ids = tokenizer.encode(text, { addSpecialTokens: false });
  if (ids.length === 0) throw new ArgumentError("initTokenFromText", "text", "not empty", text);
  for (const id of ids)
    if (id >= matrix.rows)
      throw new ArgumentError("initTokenFromText", "matrix", `a row for id ${id}`, matrix.rows);
  if (pool === "max") {
    const rows = Array.from(ids, (id) => rowOf(matrix, id));
    return Float32Array.from(rows[0]!, (_, c) => Math.max(...rows.map((row) => row[c]!)));
  }
  if (pool !== "mean")
    throw new ArgumentError("initTokenFromText", "pool", '"mean" or "max"', pool);
  const sum = new Float64Array(matrix.columns);
  addRows(sum, matrix, ids, new Float64Array(ids.length).fill(1 / ids.length));
  return Float32Array.from(sum);
}

/** The candidate whose mean vector is nearest (by cosine) to the context's; the first among equals. */
export function selectSegmentationByContext(
  candidates: readonly Matrix[],
  context: ArrayLike<number>,
): number {
  if (candidates.length === 0)
    throw new ArgumentError("selectSegmentationByContext", "candidates", "not empty", 0);
  let best = 0;
  let nearest = -Infinity;
  candidates.forEach((candidate, place) => {
    checkMatrix("selectSegmentationByContext", candidate);
    if (candidate.rows === 0 || candidate.columns !== context.length)
      throw new ShapeError(
        "selectSegmentationByContext",
        [Math.max(1, candidate.rows), context.length],
        [candidate.rows, candidate.columns],
      );
    const mean = new Float64Array(candidate.columns);
    const share = new Float64Array(candidate.rows).fill(1 / candidate.rows);
    addRows(mean, candidate, [...share.keys()], share);
    const similarity = cosine(mean, context);
    if (similarity > nearest) {
      nearest = similarity;
      best = place;
    }
  });
  return best;
}
