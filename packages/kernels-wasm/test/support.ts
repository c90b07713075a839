/** What the tests share: both builds, seeded numbers, a reference beside the back end in hand. */
import { setFlagsFromString } from "node:v8";
import { type Backend, createRandom, floats, type Tensor } from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { expect } from "vitest";
import { missingInstructions } from "../src/probe.js";
import { wasm } from "../src/wasm.js";

export const BUILDS = ["relaxed", "simd"] as const;

/** Node 20 keeps relaxed SIMD behind a flag; test files run in processes of their own. */
export function allowRelaxed(): void {
  if (missingInstructions("relaxed") === null) return;
  setFlagsFromString("--experimental-wasm-relaxed-simd");
}

export async function open(build: (typeof BUILDS)[number]): Promise<Backend> {
  allowRelaxed();
  return wasm({ build });
}

export function numbers(count: number, seed: string, size = 1): Float32Array {
  const random = createRandom(7).fork(seed);
  return Float32Array.from({ length: count }, () => (random.next() * 2 - 1) * size);
}

/** The same operation on both back ends: `run` uploads, computes and gives what is to be compared. */
export async function both(
  backend: Backend,
  run: (backend: Backend, up: (dims: readonly number[], data: Float32Array) => Tensor) => Tensor,
): Promise<{ readonly got: Float32Array; readonly want: Float32Array }> {
  const results: Float32Array[] = [];
  for (const one of [backend, referenceBackend()]) {
    const made: Tensor[] = [];
    const out = run(one, (dims, data) => {
      const tensor = one.upload(floats(dims, data));
      made.push(tensor);
      return tensor;
    });
    results.push((await one.read(out)) as Float32Array);
    out.dispose();
    for (const tensor of made) tensor.dispose();
  }
  return { got: results[0]!, want: results[1]! };
}

/** Largest difference, against the size of the largest number. */
export function errorOf(got: ArrayLike<number>, want: ArrayLike<number>): number {
  expect(got.length).toBe(want.length);
  let error = 0;
  let size = 1e-30;
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i])) continue;
    if (Number.isFinite(want[i]!)) size = Math.max(size, Math.abs(want[i]!));
    const difference = Math.abs(got[i]! - want[i]!);
    error = Math.max(error, Number.isNaN(difference) ? Infinity : difference);
  }
  return error / size;
}
