/**
 * Operations that end in a product with packed weights.
 *
 * Shapes   as `Backend` says
 * State    scratch of the core: coded activations, packed rows, patches
 * Errors   those of `Door`; ShapeError, ArgumentError
 */
import { ArgumentError, ShapeError, type Tensor, type Weight } from "@frugal/tensor";
import type { Core } from "./core.js";
import { ownWeight, type WasmWeight } from "./weights.js";

export function linear(core: Core, input: Tensor, weight: Weight, out: Tensor, rows: number): void {
  const where = "Backend.linear";
  const { door } = core;
  const own = ownWeight(core, where, weight);
  door.count(where, "rows", rows);
  door.rowsOf("Backend.linear: input", input, rows, own.dims[1]);
  door.rowsOf("Backend.linear: out", out, rows, own.dims[0]);
  door.apart(where, input, out);
  multiplyRows(core, own, core.at(input), core.at(out), rows);
}

/** Byte offsets in, checked. */
function multiplyRows(
  core: Core,
  weight: WasmWeight,
  input: number,
  out: number,
  rows: number,
): void {
  const [outputs, inputs] = weight.dims;
  const { packed, bias } = weight;
  if (weight.format === "f32") {
    core.kernels.linearF32(packed, bias, input, out, rows, inputs, outputs);
    return;
  }
  const scratch = core.work.need(rows * Math.ceil(inputs / 32) * 68);
  core.kernels.linearInt8(packed, bias, input, out, rows, inputs, outputs, scratch);
}

export function similarity(
  core: Core,
  a: Tensor,
  b: Tensor,
  out: Tensor,
  aRows: number,
  bRows: number,
): void {
  const where = "Backend.similarity";
  const { door, arena, kernels } = core;
  door.count(where, "aRows", aRows);
  door.count(where, "bRows", bRows);
  const width = door.rows(`${where}: a`, a, aRows);
  door.rowsOf(`${where}: b`, b, bRows, width);
  door.rowsOf(`${where}: out`, out, aRows, bRows);
  door.apart(where, a, out);
  door.apart(where, b, out);
  const blocks = Math.ceil(bRows / 8);
  const packedBytes = blocks * width * 32;
  const rowBytes = Math.ceil((Math.max(aRows, bRows) * width) / 4) * 16;
  const packed = core.work.need(packedBytes + blocks * 32 + rowBytes);
  const zeros = packed + packedBytes;
  const unit = zeros + blocks * 32;
  arena.bytes.fill(0, zeros, unit);
  kernels.unitRows(core.at(b), unit, bRows, width);
  kernels.packF32(unit, packed, bRows, width);
  kernels.unitRows(core.at(a), unit, aRows, width);
  kernels.linearF32(packed, zeros, unit, core.at(out), aRows, width, bRows);
}

export function patchEmbed(
  core: Core,
  pixels: Tensor,
  weight: Weight,
  patch: number,
  out: Tensor,
): void {
  const where = "Backend.patchEmbed";
  const { door } = core;
  const own = ownWeight(core, where, weight);
  door.tensor(`${where}: pixels`, pixels);
  if (!Number.isSafeInteger(patch) || patch < 1) {
    throw new ArgumentError(where, "patch", "a positive integer", patch);
  }
  const [outputs, inputs] = own.dims;
  const { dims } = pixels;
  if (dims.length !== 3 || dims[0]! * patch * patch !== inputs) {
    throw new ShapeError(where, [inputs / (patch * patch), -1, -1], dims);
  }
  const [channels, height, width] = dims as readonly [number, number, number];
  const rows = Math.floor(height / patch) * Math.floor(width / patch);
  door.rowsOf(`${where}: out`, out, rows, outputs);
  door.apart(where, pixels, out);
  const patches = core.staging.need(rows * inputs * 4);
  core.kernels.patchRows(core.at(pixels), patches, channels, height, width, patch);
  multiplyRows(core, own, patches, core.at(out), rows);
}
