/**
 * Stores vectors as they are.
 *
 * Paper    none
 * Shapes   vectors [n, D] f32 <-> 4 n D bytes, little-endian, row-major
 * Units    bytes
 * Cost     O(n D)
 * Errors   ShapeError for vectors that are no matrix; FormatError for bytes of another length
 */
import { FormatError, ShapeError } from "@frugal/tensor";
import type { Codec } from "../types.js";

export function f32(): Codec {
  return {
    name: "f32",
    format: "f32",
    encode({ dims, data }) {
      if (dims.length !== 2) throw new ShapeError("f32.encode", [-1, -1], dims);
      const bytes = new Uint8Array(data.length * 4);
      const view = new DataView(bytes.buffer);
      for (let i = 0; i < data.length; i++) view.setFloat32(4 * i, data[i]!, true);
      return bytes;
    },
    decode(bytes, count, width) {
      const vectors = new Float32Array(count * width);
      if (bytes.length !== 4 * vectors.length) {
        throw new FormatError(
          "f32.decode",
          `${bytes.length} bytes are not ${count} vectors of ${width}`,
        );
      }
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let i = 0; i < vectors.length; i++) vectors[i] = view.getFloat32(4 * i, true);
      return vectors;
    },
    byteLength: (count, width) => 4 * count * width,
  };
}
