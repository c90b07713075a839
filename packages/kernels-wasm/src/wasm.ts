/**
 * Makes a back end in wasm.
 *
 * Needs    WebAssembly with SIMD; the relaxed build, which fuses multiply-adds, where the host has relaxed SIMD
 * Cost     compiles one binary of about 35 KB
 * State    the memory grows with what is allocated, up to `maxMemoryBytes`
 * Errors   CapabilityError with the causes of all builds tried; SourceError for an address that cannot be read;
 *          ArgumentError for options
 */
import { ArgumentError, type Backend } from "@frugal/tensor";
import { WasmBackend } from "./backend.js";
import { type BinaryChoice, instantiate } from "./instantiate.js";

export interface WasmOptions extends BinaryChoice {
  /** Default: 4 GiB less one page, where 32-bit addresses end. */
  readonly maxMemoryBytes?: number;
}

/** Two builds: `relaxed` (fused multiply-add) and `simd`; `auto` takes the first that this host runs correctly. */
export async function wasm(options: WasmOptions = {}): Promise<Backend> {
  const { build = "auto", maxMemoryBytes } = options;
  if (build !== "auto" && build !== "relaxed" && build !== "simd") {
    throw new ArgumentError("wasm", "build", '"auto", "relaxed" or "simd"', build);
  }
  if (maxMemoryBytes !== undefined && !(maxMemoryBytes >= 1048576)) {
    throw new ArgumentError("wasm", "maxMemoryBytes", "at least 1048576", maxMemoryBytes);
  }
  return new WasmBackend(await instantiate(options), maxMemoryBytes);
}
