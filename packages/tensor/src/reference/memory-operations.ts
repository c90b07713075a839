/** Tensors and weights of the reference: making, writing, reading. */
import type { Backend } from "../backend.js";
import { ArgumentError, DtypeError, ShapeError } from "../errors/index.js";
import { type Context, floatsOf } from "./context.js";
import { ReferenceWeight } from "./weight.js";

export function memoryOperations(
  context: Context,
): Pick<Backend, "empty" | "upload" | "write" | "read" | "weight"> {
  const { door } = context;
  return {
    empty(dims, type) {
      context.live();
      return context.arena.empty(dims, type);
    },

    upload(source) {
      context.live();
      return context.arena.upload(source);
    },

    write(target, source, elementOffset = 0) {
      const where = "Backend.write";
      const isFloat = source instanceof Float32Array;
      if (!isFloat && !(source instanceof Int32Array)) {
        throw new DtypeError(where, "Float32Array or Int32Array", typeof source);
      }
      door.tensor(where, target, isFloat ? "float32" : "int32");
      door.count(where, "elementOffset", elementOffset);
      if (elementOffset + source.length > target.size) {
        throw new ShapeError(where, [target.size - elementOffset], [source.length]);
      }
      (target.data as Float32Array).set(source, elementOffset);
    },

    async read(source, start = 0, count = source.size - start) {
      const where = "Backend.read";
      door.tensor(where, source, source.type === "int32" ? "int32" : "float32");
      door.count(where, "start", start);
      door.count(where, "count", count);
      if (start + count > source.size) {
        throw new ArgumentError(where, "start + count", `at most ${source.size}`, start + count);
      }
      return floatsOf(source).slice(start, start + count);
    },

    weight(matrix, { bias, format } = {}) {
      context.live();
      return new ReferenceWeight(context.arena, matrix, bias, format);
    },
  };
}
