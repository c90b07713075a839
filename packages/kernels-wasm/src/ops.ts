/**
 * The table of primitives with its products, cosines and exponentials in wasm; the others are the reference's.
 *
 * Needs    what `wasm()` needs
 * Cost     arguments are copied in and results out; products O(M K N) at the speed of `linearF32`
 * Order    as the kernels say: sums in f32, one an element
 * State    a memory of its own with one scratch, which grows to the largest call
 * Errors   those of `Ops`; DeviceError when memory runs out
 */
import { DtypeError, type Floats, floats, ShapeError, StateError } from "@frugal/tensor";
import { type Ops, referenceOps } from "@frugal/tensor/ops";
import { checkRows } from "@frugal/tensor/rows";
import { Core } from "./core.js";
import { type BinaryChoice, instantiate } from "./instantiate.js";

export async function wasmOps(choice: BinaryChoice = {}): Promise<Ops> {
  const core = new Core(await instantiate(choice));
  return {
    ...referenceOps,
    name: "wasm",
    matmul: (a, b) => matmul(core, a, b),
    similarity: (a, b) => similarity(core, a, b),
    unitRows: (rows) => rowWise(core, "unitRows", rows),
    softmaxRows: (rows) => rowWise(core, "softmaxRows", rows),
    sparseRows(map, rows) {
      const [count, width] = matrixOf("sparseRows", rows);
      checkRows("sparseRows", map);
      if (map.sourceCount !== count) {
        throw new ShapeError("sparseRows", [map.sourceCount, width], rows.dims);
      }
      const { starts, sources, weights, rowCount } = map;
      const at = layout(core, [starts, sources, weights, rows.data], rowCount * width);
      const [startAt, sourceAt, weightAt, from, to] = at as [
        number,
        number,
        number,
        number,
        number,
      ];
      core.kernels.sparseRows(startAt, sourceAt, weightAt, from, to, rowCount, width);
      return result(core, to, [rowCount, width]);
    },
  };
}

function matmul(core: Core, a: Floats, b: Floats): Floats {
  const [rows, inner] = matrixOf("matmul", a);
  const [own, width] = matrixOf("matmul", b);
  if (own !== inner) throw new ShapeError("matmul", [inner, width], b.dims);
  const blocks = Math.ceil(width / 8);
  const sizes = [blocks * 8, blocks * inner * 8, rows * width];
  const [from, over, zeros, packed, to] = layout(core, [a.data, b.data], ...sizes) as Five;
  core.arena.bytes.fill(0, zeros, packed);
  core.kernels.packColumnsF32(over, packed, inner, width);
  core.kernels.linearF32(packed, zeros, from, to, rows, inner, width);
  return result(core, to, [rows, width]);
}

function similarity(core: Core, a: Floats, b: Floats): Floats {
  const [rows, width] = matrixOf("similarity", a);
  const [columns, own] = matrixOf("similarity", b);
  if (own !== width) throw new ShapeError("similarity", [-1, width], b.dims);
  const blocks = Math.ceil(columns / 8);
  const sizes = [blocks * 8, blocks * width * 8, rows * columns];
  const [from, over, zeros, packed, to] = layout(core, [a.data, b.data], ...sizes) as Five;
  const { kernels } = core;
  core.arena.bytes.fill(0, zeros, packed);
  kernels.unitRows(over, over, columns, width);
  kernels.packF32(over, packed, columns, width);
  kernels.unitRows(from, from, rows, width);
  kernels.linearF32(packed, zeros, from, to, rows, width, columns);
  return result(core, to, [rows, columns]);
}

function rowWise(core: Core, name: "unitRows" | "softmaxRows", rows: Floats): Floats {
  const [count, width] = matrixOf(name, rows);
  const [at] = layout(core, [rows.data]) as [number];
  if (name === "unitRows") core.kernels.unitRows(at, at, count, width);
  else core.kernels.softmax(at, at, count, width);
  return result(core, at, [count, width]);
}

type Five = [number, number, number, number, number];

/** Copies arrays into scratch, with room for `counts` more numbers behind them: all byte offsets, in order. */
function layout(
  core: Core,
  arrays: readonly (Float32Array | Uint32Array)[],
  ...counts: readonly number[]
): number[] {
  const lengths = [...arrays.map(({ length }) => length), ...counts];
  const bytes = lengths.map((length) => Math.ceil(length / 4) * 16);
  let next = core.work.need(bytes.reduce((sum, size) => sum + size, 0));
  const offsets = bytes.map((size) => {
    const at = next;
    next += size;
    return at;
  });
  arrays.forEach((array, i) => {
    const target = array instanceof Float32Array ? core.arena.floats : core.arena.ints;
    target.set(array, offsets[i]! / 4);
  });
  return offsets;
}

function result(core: Core, at: number, dims: readonly [number, number]): Floats {
  return floats(dims, core.arena.floats.slice(at / 4, at / 4 + dims[0] * dims[1]));
}

function matrixOf(
  where: string,
  { dims, type, location, data }: Floats,
): readonly [number, number] {
  if (type !== "float32") throw new DtypeError(where, "float32", type);
  if (location !== "cpu") throw new StateError(where, `the tensor is located at ${location}`);
  if (dims.length !== 2) throw new ShapeError(where, [-1, -1], dims);
  const [rows, width] = dims as readonly [number, number];
  if (data.length !== rows * width) throw new ShapeError(where, dims, [data.length]);
  return [rows, width];
}
