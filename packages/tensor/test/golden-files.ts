/** Reads one area of the goldens: cases by method, tensors by `file#name`. */
import { readFileSync } from "node:fs";

export interface GoldenCase {
  readonly id: string;
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly inputs: Record<string, unknown>;
  readonly expect: Record<string, unknown>;
  readonly tolerance: Record<string, number>;
}

export interface GoldenTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const AREAS = new URL("../../../goldens/", import.meta.url);

export function goldenArea(area: string) {
  const folder = new URL(`${area}/`, AREAS);
  const files = new Map<string, Buffer>();
  return {
    cases: readFileSync(new URL("cases.jsonl", folder), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as GoldenCase),
    tensor(place: unknown): GoldenTensor {
      const [file, name] = String(place).split("#") as [string, string];
      const bytes = files.get(file) ?? readFileSync(new URL(file, folder));
      files.set(file, bytes);
      const headerLength = Number(bytes.readBigUInt64LE(0));
      const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerLength));
      const entry = header[name] as Entry | undefined;
      if (entry === undefined) throw new RangeError(`no tensor ${place}`);
      const [begin, end] = entry.data_offsets;
      const at = 8 + headerLength;
      const own = Uint8Array.from(bytes.subarray(at + begin, at + end)).buffer;
      const types = { F32: Float32Array, I32: Int32Array, I64: BigInt64Array };
      const array = types[entry.dtype as keyof typeof types];
      if (array === undefined) throw new RangeError(`${place} is ${entry.dtype}`);
      return { dims: entry.shape, data: new array(own) };
    },
  };
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`lengths ${a.length} and ${b.length}`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference; // NaN stays
  }
  return largest;
}
