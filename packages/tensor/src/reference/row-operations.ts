/** Row-wise and pointwise operations of the reference: their doors, then the plain functions. */
import type { Backend } from "../backend.js";
import { ArgumentError, ShapeError } from "../errors/index.js";
import { ACTIVATIONS, activation } from "./activation.js";
import { add } from "./add.js";
import { type Context, floatsOf } from "./context.js";
import { layerNorm } from "./layer-norm.js";
import { multiply } from "./multiply.js";
import { rmsNorm } from "./rms-norm.js";
import { rope } from "./rope.js";
import { scale } from "./scale.js";
import { argmaxRows, topkRows } from "./select.js";
import { softCap } from "./soft-cap.js";
import { softmax } from "./softmax.js";

export function rowOperations(
  context: Context,
): Pick<
  Backend,
  | "rmsNorm"
  | "layerNorm"
  | "rope"
  | "activation"
  | "add"
  | "multiply"
  | "scale"
  | "softCap"
  | "softmax"
  | "argmax"
  | "topk"
> {
  const { door } = context;
  return {
    rmsNorm(input, gain, epsilon, out, rows) {
      const where = "Backend.rmsNorm";
      const width = context.alike(where, rows, input, out);
      door.vector(`${where}: gain`, gain, width);
      door.number(where, "epsilon", epsilon);
      rmsNorm(floatsOf(input), floatsOf(gain), epsilon, floatsOf(out), rows);
    },

    layerNorm(input, gain, bias, epsilon, out, rows) {
      const where = "Backend.layerNorm";
      const width = context.alike(where, rows, input, out);
      door.vector(`${where}: gain`, gain, width);
      door.vector(`${where}: bias`, bias, gain.size);
      door.number(where, "epsilon", epsilon);
      layerNorm(floatsOf(input), floatsOf(gain), floatsOf(bias), epsilon, floatsOf(out), rows);
    },

    rope(heads, angles, headCount, rows) {
      const where = "Backend.rope";
      door.count(where, "headCount", headCount);
      door.count(where, "rows", rows);
      const width = door.rows(`${where}: angles`, angles, rows);
      if (width % 2 !== 0) throw new ShapeError(`${where}: angles`, [rows, width + 1], angles.dims);
      door.rowsOf(`${where}: heads`, heads, rows, headCount * width);
      door.apart(where, angles, heads);
      rope(floatsOf(heads), floatsOf(angles), headCount, width, rows);
    },

    activation(kind, input, out, rows) {
      const where = "Backend.activation";
      if (!Object.hasOwn(ACTIVATIONS, kind)) {
        throw new ArgumentError(where, "kind", Object.keys(ACTIVATIONS).join(", "), kind);
      }
      const count = rows * context.alike(where, rows, input, out);
      activation(kind, floatsOf(input), floatsOf(out), count);
    },

    add(a, b, out, rows) {
      const count = rows * context.alike("Backend.add", rows, a, b, out);
      add(floatsOf(a), floatsOf(b), floatsOf(out), count);
    },

    multiply(a, b, out, rows) {
      const count = rows * context.alike("Backend.multiply", rows, a, b, out);
      multiply(floatsOf(a), floatsOf(b), floatsOf(out), count);
    },

    scale(input, factor, out, rows) {
      const where = "Backend.scale";
      const count = rows * context.alike(where, rows, input, out);
      door.number(where, "factor", factor);
      scale(floatsOf(input), factor, floatsOf(out), count);
    },

    softCap(input, cap, out, rows) {
      const where = "Backend.softCap";
      const count = rows * context.alike(where, rows, input, out);
      if (!(cap > 0 && cap < Infinity)) throw new ArgumentError(where, "cap", "positive", cap);
      softCap(floatsOf(input), cap, floatsOf(out), count);
    },

    softmax(input, out, rows) {
      const width = context.alike("Backend.softmax", rows, input, out);
      softmax(floatsOf(input), floatsOf(out), rows, width);
    },

    argmax(input, out, rows) {
      const where = "Backend.argmax";
      door.count(where, "rows", rows);
      const width = door.rows(`${where}: input`, input, rows);
      if (width === 0 && rows > 0) throw new ShapeError(where, [rows, 1], input.dims);
      door.room(`${where}: out`, out, rows, "int32");
      argmaxRows(floatsOf(input), out.data as Int32Array, rows, width);
    },

    topk(input, k, indices, values, rows) {
      const where = "Backend.topk";
      door.count(where, "rows", rows);
      door.count(where, "k", k);
      const width = door.rows(`${where}: input`, input, rows);
      if (k > width) throw new ArgumentError(where, "k", `at most ${width}`, k);
      door.rowsOf(`${where}: indices`, indices, rows, k, "int32");
      door.rowsOf(`${where}: values`, values, rows, k);
      door.apart(where, input, values);
      const chosen = indices.data as Int32Array;
      topkRows(floatsOf(input), k, chosen, floatsOf(values), rows, width);
    },
  };
}
