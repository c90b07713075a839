/**
 * Finds a build that this host runs, compiles and checks it.
 *
 * Errors   CapabilityError with the causes of all builds tried; SourceError for a binary or address given by the caller
 */
import { CapabilityError, FrugalError } from "@frugal/tensor/errors";
import type { Kernels } from "./kernels.js";
import { type Build, binaryUrl, compileFrom } from "./load.js";
import { miscalculation, missingInstructions } from "./probe.js";

/** Pages of 64 KiB that the memory begins with. */
const FIRST_PAGES = 16;
/** Behind the offsets that stand for nothing; the arena hands the range out later. */
const PROBE_BYTE = 1024;

export interface BinaryChoice {
  readonly binary?: BufferSource | WebAssembly.Module;
  readonly url?: string | URL;
  readonly build?: "auto" | Build;
}

export interface Instance {
  readonly kernels: Kernels;
  readonly memory: WebAssembly.Memory;
  readonly build: Build;
}

export async function instantiate(choice: BinaryChoice): Promise<Instance> {
  if (choice.binary !== undefined || choice.url !== undefined) return startGiven(choice);
  const { build = "auto" } = choice;
  const builds: readonly Build[] = build === "auto" ? ["relaxed", "simd"] : [build];
  const causes: string[] = [];
  for (const candidate of builds) {
    const missing = missingInstructions(candidate);
    if (missing !== null) {
      causes.push(`${candidate}: ${missing}`);
      continue;
    }
    try {
      return checked(await start(await compileFrom(binaryUrl(candidate))));
    } catch (error) {
      causes.push(`${candidate}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new CapabilityError("wasm", ["WebAssembly kernels"], "", causes);
}

async function startGiven({ binary, url }: BinaryChoice): Promise<Instance> {
  try {
    if (binary === undefined) return checked(await start(await compileFrom(url!)));
    if (binary instanceof WebAssembly.Module) return checked(await start(binary));
    return checked(await start(await WebAssembly.compile(binary)));
  } catch (cause) {
    if (FrugalError.is(cause)) throw cause;
    throw new CapabilityError("wasm", ["the given binary"], "", [cause]);
  }
}

async function start(module: WebAssembly.Module): Promise<Instance> {
  const memory = new WebAssembly.Memory({ initial: FIRST_PAGES });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const kernels = exports as unknown as Kernels;
  return { kernels, memory, build: kernels.build() === 1 ? "relaxed" : "simd" };
}

function checked(instance: Instance): Instance {
  const wrong = miscalculation(instance.kernels, instance.memory, PROBE_BYTE);
  if (wrong !== null)
    throw new CapabilityError("wasm", [`the ${instance.build} build`], "", [wrong]);
  return instance;
}
