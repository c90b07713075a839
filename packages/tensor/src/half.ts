/**
 * Converts between float32 and the bits of float16 and bfloat16.
 *
 * Shapes   arrays of bits are Uint16Array, of equal length on both sides
 * Units    float16: 1 sign, 5 exponent, 10 fraction bits; bfloat16: the upper half of a float32
 * Cost     O(n), no table
 * Order    to 16 bits: round half to even, from the float32 value; subnormals, infinities and zeros keep their sign,
 *          a NaN stays a NaN; from 16 bits: exact
 * Errors   ShapeError when `out` has another length
 */
import { ShapeError } from "./errors/index.js";

/** 2^-24: the smallest float16 above zero. */
const HALF_STEP = 2 ** -24;

export function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * HALF_STEP;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

export function floatToHalf(value: number): number {
  const x = Math.fround(value);
  const sign = x < 0 || Object.is(x, -0) ? 0x8000 : 0;
  const size = Math.abs(x);
  if (Number.isNaN(x)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00; // halfway between 65504 and 65536 rounds up, to infinity
  if (size < 2 ** -14) return sign | halfEven(size / HALF_STEP); // 1024 steps carry into the exponent
  const exponent = exponentOf(size);
  const steps = halfEven(size * 2 ** (10 - exponent)); // 1024..2048
  return sign | (((exponent + 14) << 10) + steps);
}

export function bfloatToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 7) & 255;
  const fraction = bits & 127;
  if (exponent === 255) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -133;
  return sign * (128 + fraction) * 2 ** (exponent - 134);
}

export function floatToBfloat(value: number): number {
  return roundedUpper(new Uint32Array(Float32Array.of(value).buffer)[0]!);
}

export function halvesToFloats(
  bits: Uint16Array,
  out: Float32Array = new Float32Array(bits.length),
): Float32Array {
  sameLength("halvesToFloats", bits, out);
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i]!;
    const exponent = half & 0x7c00;
    if (exponent === 0 || exponent === 0x7c00) out[i] = halfToFloat(half);
    else words[i] = ((half & 0x8000) << 16) | (((half & 0x7fff) << 13) + 0x38000000); // bias 15 -> 127
  }
  return out;
}

export function floatsToHalves(
  values: Float32Array,
  out: Uint16Array = new Uint16Array(values.length),
): Uint16Array {
  sameLength("floatsToHalves", values, out);
  for (let i = 0; i < values.length; i++) out[i] = floatToHalf(values[i]!);
  return out;
}

export function bfloatsToFloats(
  bits: Uint16Array,
  out: Float32Array = new Float32Array(bits.length),
): Float32Array {
  sameLength("bfloatsToFloats", bits, out);
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
  return out;
}

export function floatsToBfloats(
  values: Float32Array,
  out: Uint16Array = new Uint16Array(values.length),
): Uint16Array {
  sameLength("floatsToBfloats", values, out);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < values.length; i++) out[i] = roundedUpper(words[i]!);
  return out;
}

function roundedUpper(bits: number): number {
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40; // a quiet NaN: rounding may not reach infinity
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Nearest integer of a non-negative number, halves to even. */
function halfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** floor(log2(size)) of a positive float32; logarithms alone may be off by one at powers of two. */
function exponentOf(size: number): number {
  let exponent = Math.floor(Math.log2(size));
  if (2 ** exponent > size) exponent--;
  if (2 ** (exponent + 1) <= size) exponent++;
  return exponent;
}

function sameLength(where: string, source: ArrayLike<number>, out: ArrayLike<number>): void {
  if (source.length !== out.length) throw new ShapeError(where, [source.length], [out.length]);
}
