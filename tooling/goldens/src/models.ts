/**
 * The reference models that cases name, loaded once a back end, after their checksums were compared.
 *
 * Cases hold for the weights whose SHA-256 stand in SHA256SUMS; others are refused.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { MODEL_NAMES, modelDirectory, type ReferenceModelName } from "@frugal/reference-models";
import { type LanguageModel, loadModel } from "@frugal/runtime";
import type { Backend } from "@frugal/tensor";
import { type GoldenCase, textOf } from "./types.js";

const loaded = new WeakMap<Backend, Map<string, Promise<LanguageModel>>>();

export function modelOf(golden: GoldenCase, backend: Backend): Promise<LanguageModel> {
  const name = textOf(golden.inputs.model);
  const models = loaded.get(backend) ?? new Map<string, Promise<LanguageModel>>();
  loaded.set(backend, models);
  const known = models.get(name) ?? load(name, backend);
  models.set(name, known);
  return known;
}

async function load(name: string, backend: Backend): Promise<LanguageModel> {
  if (!isModelName(name)) throw new TypeError(`no such reference model: ${name}`);
  const directory = modelDirectory(name);
  await checkSums(name, directory);
  return loadModel(directory, { backend });
}

async function checkSums(name: string, directory: URL): Promise<void> {
  const sums = await readFile(new URL("../SHA256SUMS", directory), "utf8");
  for (const line of sums.split("\n")) {
    const [sum, path] = line.trim().split(/\s+\*?/);
    if (!path?.startsWith(`${name}/`)) continue;
    const bytes = await readFile(new URL(`../${path}`, directory));
    const found = createHash("sha256").update(bytes).digest("hex");
    if (found !== sum) throw new TypeError(`${path} is not the file that the cases were made with`);
  }
}

const isModelName = (name: string): name is ReferenceModelName =>
  (MODEL_NAMES as readonly string[]).includes(name);
