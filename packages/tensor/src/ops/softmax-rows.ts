/**
 * Turns each row into probabilities; a row of -Infinity gives zeros.
 *
 * Shapes   rows [R, C]  ->  [R, C]
 * Order    exact maximum, exponentials, their sum in f64, c ascending
 * Cost     O(R C)
 * Errors   ShapeError
 */
import { softmax } from "../reference/softmax.js";
import { floats } from "../tensor.js";
import type { Floats } from "../types.js";
import { matrixOf } from "./shapes.js";

export function softmaxRows(rows: Floats): Floats {
  const [count, width] = matrixOf("softmaxRows", rows);
  const out = floats([count, width]);
  softmax(rows.data, out.data, count, width);
  return out;
}
