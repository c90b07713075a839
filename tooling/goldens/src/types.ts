/**
 * What an adapter sees of a golden case, and what it gives back.
 *
 * An adapter (`CaseRunner`) computes every value that `expect` names from `params` and `inputs`; the runner compares. It
 * throws `MissingError` for a case whose parameters need something that is not built.
 */
import type { Backend } from "@frugal/tensor";

/** A tensor of a `.safetensors` file; integers of 64 bits are given as numbers. */
export interface GoldenTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array | Uint8Array;
}

export type GoldenValue =
  | null
  | boolean
  | number
  | string
  | GoldenTensor
  | readonly GoldenValue[]
  | { readonly [key: string]: GoldenValue };

export interface GoldenCase {
  readonly id: string;
  readonly method: string;
  readonly params: Readonly<Record<string, GoldenValue>>;
  /** Tensors and files resolved; `model` stays a name. */
  readonly inputs: Readonly<Record<string, GoldenValue>>;
  readonly expect: Readonly<Record<string, GoldenValue>>;
  readonly tolerance: Readonly<Record<string, number>>;
  readonly source: string;
  readonly note?: string;
}

export interface Context {
  readonly backend: Backend;
  /** Bytes of a file of the area's folder. */
  file(path: string): Promise<Uint8Array>;
}

/** One value for every key of `expect` (numbers, strings, arrays, typed arrays, nested as they like: values are compared flat). */
export type CaseRunner = (golden: GoldenCase, context: Context) => Promise<Record<string, unknown>>;

/** The case asks for something that is not built. */
export class MissingError extends Error {}

export const isTensor = (value: GoldenValue | undefined): value is GoldenTensor =>
  typeof value === "object" && value !== null && "dims" in value && "data" in value;

/** The numbers of a tensor or a (nested) list, in order. */
export function numbersOf(value: GoldenValue | undefined): number[] {
  if (value === undefined || value === null)
    throw new TypeError("the case lacks a list of numbers");
  if (isTensor(value)) return Array.from(value.data as Float32Array);
  if (typeof value === "number") return [value];
  if (typeof value === "boolean") return [value ? 1 : 0];
  if (Array.isArray(value)) return (value as readonly GoldenValue[]).flatMap(numbersOf);
  throw new TypeError(`not a list of numbers: ${JSON.stringify(value).slice(0, 80)}`);
}

export const float32Of = (value: GoldenValue | undefined): Float32Array =>
  isTensor(value) && value.data instanceof Float32Array
    ? value.data
    : Float32Array.from(numbersOf(value));

export function dimsOf(value: GoldenValue | undefined): readonly number[] {
  if (isTensor(value)) return value.dims;
  if (Array.isArray(value)) {
    const first = value[0] as GoldenValue | undefined;
    return [value.length, ...(Array.isArray(first) ? dimsOf(first) : [])];
  }
  throw new TypeError("the case lacks a tensor");
}

export function numberOf(value: GoldenValue | undefined): number {
  if (typeof value !== "number") throw new TypeError(`not a number: ${JSON.stringify(value)}`);
  return value;
}

export function textOf(value: GoldenValue | undefined): string {
  if (typeof value !== "string") throw new TypeError(`not a text: ${JSON.stringify(value)}`);
  return value;
}
