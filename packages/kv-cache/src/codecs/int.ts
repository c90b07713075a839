/**
 * Stores vectors as integers of 2 to 8 bits, with one scale a vector, a group of channels, a channel or all of them.
 *
 * Paper    none: uniform quantisation as PyTorch does it
 * Shapes   vectors [n, D] f32 -> bytes: scales (f32), zero points (u8, only when not symmetric), codes packed from the low bits
 * Units    symmetric: scale = max |x| / (2^(bits-1) - 1), codes -top..top, stored + top; otherwise scale = range / (2^bits - 1)
 *          over a range that holds 0, zero = round(-min / scale), codes 0..2^bits - 1
 * Cost     O(n D)
 * Differs  a group of zeros gets scale 1 and decodes to zeros
 * Order    quotients in f32, halves to even; decoded = scale * (code - zero)
 * Errors   ArgumentError for options out of range and for numbers that are not finite; ShapeError for vectors that are no
 *          matrix or do not divide into groups; FormatError for bytes of another length
 */
import { ArgumentError, type Floats, FormatError, ShapeError } from "@frugal/tensor";
import { roundHalfEven } from "@frugal/tensor/numbers";
import type { Codec } from "../types.js";

export interface IntOptions {
  /** 2 to 8. Default 8. */
  readonly bits?: number;
  /** What shares a scale. Default "token". */
  readonly axis?: "token" | "channel" | "tensor";
  /** With axis "token": that many neighbouring channels share a scale instead of the whole vector. */
  readonly group?: number;
  /** Default true. */
  readonly symmetric?: boolean;
}

export interface IntCodes {
  /** [n * D], row-major: -top..top, or 0..2^bits - 1 with zero points. */
  readonly codes: Int16Array<ArrayBuffer>;
  /** [groups] */
  readonly scales: Float32Array<ArrayBuffer>;
  /** [groups], or null when symmetric. */
  readonly zeros: Uint8Array<ArrayBuffer> | null;
}

/** Elements `start + i * stride` of a matrix. */
interface Group {
  readonly start: number;
  readonly stride: number;
  readonly count: number;
}

type Settings = Required<Omit<IntOptions, "group">> & { readonly group: number | undefined };

export function int(options: IntOptions = {}): Codec {
  const settings = checked(options);
  const { bits, axis, group, symmetric } = settings;
  const isPlain = symmetric && axis === "token" && group === undefined;
  const parts = [`int${bits}`, axis, group && `group-${group}`, symmetric || "zero-point"];
  return {
    name: isPlain ? `int${bits}` : parts.filter((part) => typeof part === "string").join("-"),
    format: isPlain && bits === 8 ? "int8" : isPlain && bits === 4 ? "int4" : "other",
    encode(vectors) {
      const [count, width] = matrix("int.encode", vectors);
      return packed(intCodes(vectors, options), count, width, settings);
    },
    decode(bytes, count, width) {
      return intDecoded(unpacked(bytes, count, width, settings), count, width, options);
    },
    byteLength: (count, width) => sizes(count, width, settings).total,
  };
}

/** Codes, scales and zero points of vectors [n, D], before packing. */
export function intCodes(vectors: Floats, options: IntOptions = {}): IntCodes {
  const settings = checked(options);
  const [count, width] = matrix("intCodes", vectors);
  const groups = groupsOf("intCodes", count, width, settings);
  const { data } = vectors;
  const { symmetric } = settings;
  const codes = new Int16Array(data.length);
  const scales = new Float32Array(groups.length);
  const zeros = symmetric ? null : new Uint8Array(groups.length);
  groups.forEach((group, g) => {
    const { scale, zero } = scaleOf(data, group, settings);
    scales[g] = scale;
    if (zeros) zeros[g] = zero;
    const top = symmetric ? 2 ** (settings.bits - 1) - 1 : 2 ** settings.bits - 1;
    const bottom = symmetric ? -top : 0;
    for (let i = 0, at = group.start; i < group.count; i++, at += group.stride) {
      const code = roundHalfEven(Math.fround(data[at]! / scale)) + zero;
      codes[at] = Math.min(top, Math.max(bottom, code));
    }
  });
  return { codes, scales, zeros };
}

export function intDecoded(
  { codes, scales, zeros }: IntCodes,
  count: number,
  width: number,
  options: IntOptions = {},
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(count * width);
  groupsOf("intDecoded", count, width, checked(options)).forEach((group, g) => {
    const zero = zeros?.[g] ?? 0;
    for (let i = 0, at = group.start; i < group.count; i++, at += group.stride) {
      out[at] = scales[g]! * (codes[at]! - zero);
    }
  });
  return out;
}

function scaleOf(
  data: Float32Array,
  { start, stride, count }: Group,
  { bits, symmetric }: Settings,
): { readonly scale: number; readonly zero: number } {
  let least = 0;
  let most = 0;
  for (let i = 0, at = start; i < count; i++, at += stride) {
    const x = data[at]!;
    if (!Number.isFinite(x)) throw new ArgumentError("int.encode", `element ${at}`, "finite", x);
    if (x < least) least = x;
    if (x > most) most = x;
  }
  const range = symmetric ? Math.max(-least, most) : most - least;
  const scale = Math.fround(range / (symmetric ? 2 ** (bits - 1) - 1 : 2 ** bits - 1));
  if (!(scale > 0)) return { scale: 1, zero: 0 };
  if (scale === Infinity) throw new ArgumentError("int.encode", "range", "within f32", range);
  return { scale, zero: symmetric ? 0 : roundHalfEven(Math.fround(-least / scale)) };
}

function groupsOf(
  where: string,
  count: number,
  width: number,
  { axis, group }: Settings,
): readonly Group[] {
  if (axis === "tensor") return [{ start: 0, stride: 1, count: count * width }];
  if (axis === "channel") {
    return Array.from({ length: width }, (_, d) => ({ start: d, stride: width, count }));
  }
  const size = group ?? width;
  if (size > 0 && width % size !== 0) {
    throw new ShapeError(where, [-1, size], [count, width], "The group must divide the width.");
  }
  const groups = size === 0 ? 0 : (count * width) / size;
  return Array.from({ length: groups }, (_, g) => ({ start: g * size, stride: 1, count: size }));
}

function sizes(count: number, width: number, settings: Settings) {
  const groups = groupsOf("int.byteLength", count, width, settings).length;
  const scales = 4 * groups;
  const zeros = settings.symmetric ? 0 : groups;
  const total = scales + zeros + Math.ceil((count * width * settings.bits) / 8);
  return { groups, scales, zeros, total };
}

function packed(made: IntCodes, count: number, width: number, settings: Settings): Uint8Array {
  const { scales, zeros, total } = sizes(count, width, settings);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  made.scales.forEach((scale, g) => {
    view.setFloat32(4 * g, scale, true);
  });
  if (made.zeros) bytes.set(made.zeros, scales);
  const { bits, symmetric } = settings;
  const shift = symmetric ? 2 ** (bits - 1) - 1 : 0;
  let bit = 8 * (scales + zeros);
  for (const code of made.codes) {
    const placed = (code + shift) << (bit & 7);
    bytes[bit >> 3]! |= placed & 255;
    if (placed > 255) bytes[(bit >> 3) + 1]! |= placed >> 8;
    bit += bits;
  }
  return bytes;
}

function unpacked(bytes: Uint8Array, count: number, width: number, settings: Settings): IntCodes {
  const { groups, scales, zeros, total } = sizes(count, width, settings);
  if (bytes.length !== total) {
    const problem = `${bytes.length} bytes are not ${count} vectors of ${width} (${total} bytes)`;
    throw new FormatError("int.decode", problem);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { bits, symmetric } = settings;
  const shift = symmetric ? 2 ** (bits - 1) - 1 : 0;
  const codes = new Int16Array(count * width);
  let bit = 8 * (scales + zeros);
  for (let i = 0; i < codes.length; i++) {
    const pair = bytes[bit >> 3]! | ((bytes[(bit >> 3) + 1] ?? 0) << 8);
    codes[i] = ((pair >> (bit & 7)) & (2 ** bits - 1)) - shift;
    bit += bits;
  }
  return {
    codes,
    scales: Float32Array.from({ length: groups }, (_, g) => view.getFloat32(4 * g, true)),
    zeros: symmetric ? null : bytes.slice(scales, scales + zeros),
  };
}

function matrix(where: string, { dims }: Floats): readonly [number, number] {
  if (dims.length !== 2) throw new ShapeError(where, [-1, -1], dims);
  return dims as readonly number[] as readonly [number, number];
}

function checked(options: IntOptions): Settings {
  const { bits = 8, axis = "token", group, symmetric = true } = options;
  if (!Number.isInteger(bits) || bits < 2 || bits > 8) {
    throw new ArgumentError("int", "bits", "an integer of 2..8", bits);
  }
  if (axis !== "token" && axis !== "channel" && axis !== "tensor") {
    throw new ArgumentError("int", "axis", "token, channel or tensor", axis);
  }
  if (group !== undefined && (axis !== "token" || !Number.isInteger(group) || group < 1)) {
    throw new ArgumentError("int", "group", "a positive integer, with axis token", group);
  }
  if (typeof symmetric !== "boolean") {
    throw new ArgumentError("int", "symmetric", "true or false", symmetric);
  }
  return { bits, axis, group, symmetric };
}
