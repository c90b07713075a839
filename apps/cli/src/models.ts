/** Models by name or place, on a back end by name. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { MODEL_NAMES, modelDirectory, type ReferenceModelName } from "@frugal/reference-models";
import { type LanguageModel, loadModel } from "@frugal/runtime";
import type { Backend } from "@frugal/tensor";
import type { Io } from "./io.js";

export const BACKENDS = ["wasm", "reference"] as const;
export type BackendName = (typeof BACKENDS)[number];

export async function openBackend(name: BackendName): Promise<Backend> {
  if (name === "wasm") {
    const { wasm } = await import("@frugal/kernels-wasm");
    return wasm();
  }
  const { referenceBackend } = await import("@frugal/tensor/reference");
  return referenceBackend();
}

const isReference = (name: string): name is ReferenceModelName =>
  (MODEL_NAMES as readonly string[]).includes(name);

/** A reference model, a folder, or a repository `owner/name`. */
export async function openModel(
  name: string,
  backend: Backend,
  io: Pick<Io, "cwd" | "signal">,
): Promise<LanguageModel> {
  return loadModel(placeOf(name, io.cwd), { backend, signal: io.signal });
}

export function placeOf(name: string, cwd: string): string | URL {
  const folder = resolve(cwd, name);
  if (isReference(name)) return modelDirectory(name);
  return existsSync(folder) ? folder : name;
}
