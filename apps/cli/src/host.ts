/**
 * What this host is, and what it can do for us.
 *
 * Errors   none
 */
import { cpus, totalmem } from "node:os";
import { setFlagsFromString } from "node:v8";

const HEADER = [0, 97, 115, 109, 1, 0, 0, 0];
/** (func (param v128 v128 v128) (result v128) (f32x4.relaxed_madd ...)) */
const RELAXED = [
  ...[1, 8, 1, 96, 3, 123, 123, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11],
];
/** (func (param v128 v128) (result v128) (f32x4.add ...)) */
const SIMD = [
  ...[1, 7, 1, 96, 2, 123, 123, 1, 123, 3, 2, 1, 0],
  ...[10, 11, 1, 9, 0, 32, 0, 32, 1, 253, 228, 1, 11],
];

const runs = (body: readonly number[]): boolean =>
  WebAssembly.validate(Uint8Array.from([...HEADER, ...body]));

export const hasSimd = (): boolean => runs(SIMD);
export const hasRelaxedSimd = (): boolean => runs(RELAXED);

/** V8 has relaxed SIMD on from 11.4; 10.8 to 11.3 (Node 20) have it behind a flag that other versions do not know. */
export function allowRelaxedSimd(v8 = process.versions.v8): boolean {
  if (hasRelaxedSimd()) return true;
  const [major = 0, minor = 0] = v8.split(".").map(Number);
  const version = major * 100 + minor;
  if (version < 1008 || version > 1103) return false;
  setFlagsFromString("--experimental-wasm-relaxed-simd");
  return hasRelaxedSimd();
}

export function machine(): Record<string, string | number> {
  const cores = cpus();
  return {
    processor: cores[0]?.model.trim() || process.arch,
    cores: cores.length,
    "memory in GiB": Number((totalmem() / 2 ** 30).toFixed(1)),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}
