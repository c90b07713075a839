/** Operations of the reference over matrices and tables: their doors, then the plain functions. */
import type { Backend } from "../backend.js";
import { ArgumentError, ShapeError } from "../errors/index.js";
import { checkRows } from "../sparse-rows.js";
import { type Context, floatsOf } from "./context.js";
import { gather } from "./gather.js";
import { linear } from "./linear.js";
import { patchRows } from "./patch-embed.js";
import { similarity } from "./similarity.js";
import { sparseRows } from "./sparse-rows.js";

export function matrixOperations(
  context: Context,
): Pick<Backend, "linear" | "gather" | "similarity" | "patchEmbed" | "sparseRows"> {
  const { door } = context;
  return {
    linear(input, weight, out, rows) {
      const where = "Backend.linear";
      const w = context.packed(where, weight);
      door.count(where, "rows", rows);
      door.rowsOf(`${where}: input`, input, rows, w.dims[1]);
      door.rowsOf(`${where}: out`, out, rows, w.dims[0]);
      door.apart(where, input, out);
      linear(floatsOf(input), w, floatsOf(out), rows);
    },

    gather(table, indices, out, outRow = 0) {
      const where = "Backend.gather";
      door.count(where, "outRow", outRow);
      const width = door.rows(`${where}: out`, out, outRow + indices.length);
      if ("format" in table) {
        const w = context.packed(where, table);
        if (w.dims[1] !== width) throw new ShapeError(`${where}: out`, [-1, w.dims[1]], out.dims);
        gather(w.dims[0], (i, target, at) => w.row(i, target, at), indices, out, outRow, width);
        return;
      }
      door.rowsOf(`${where}: table`, table, 0, width);
      door.apart(where, table, out);
      const rows = floatsOf(table);
      const copy = (i: number, target: Float32Array, at: number): void =>
        target.set(rows.subarray(i * width, (i + 1) * width), at);
      gather(table.dims[0]!, copy, indices, out, outRow, width);
    },

    similarity(a, b, out, aRows, bRows) {
      const where = "Backend.similarity";
      door.count(where, "aRows", aRows);
      door.count(where, "bRows", bRows);
      const width = door.rows(`${where}: a`, a, aRows);
      door.rowsOf(`${where}: b`, b, bRows, width);
      door.rowsOf(`${where}: out`, out, aRows, bRows);
      door.apart(where, a, out);
      door.apart(where, b, out);
      similarity(floatsOf(a), floatsOf(b), floatsOf(out), aRows, bRows, width);
    },

    patchEmbed(pixels, weight, patch, out) {
      const where = "Backend.patchEmbed";
      const w = context.packed(where, weight);
      door.tensor(`${where}: pixels`, pixels);
      if (!Number.isSafeInteger(patch) || patch < 1) {
        throw new ArgumentError(where, "patch", "a positive integer", patch);
      }
      const [channels, height, width] = pixels.dims;
      if (pixels.dims.length !== 3 || channels! * patch * patch !== w.dims[1]) {
        throw new ShapeError(where, [w.dims[1] / (patch * patch), -1, -1], pixels.dims);
      }
      const count = Math.floor(height! / patch) * Math.floor(width! / patch);
      door.rowsOf(`${where}: out`, out, count, w.dims[0]);
      door.apart(where, pixels, out);
      linear(
        patchRows(floatsOf(pixels), [channels!, height!, width!], patch),
        w,
        floatsOf(out),
        count,
      );
    },

    sparseRows(map, input, out) {
      const where = "Backend.sparseRows";
      checkRows(where, map);
      const width = door.rows(`${where}: input`, input, map.sourceCount);
      door.rowsOf(`${where}: out`, out, map.rowCount, width);
      door.apart(where, input, out);
      sparseRows(map, floatsOf(input), floatsOf(out), width);
    },
  };
}
