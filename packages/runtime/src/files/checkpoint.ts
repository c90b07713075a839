/**
 * Reads the weights of a model folder: `model.safetensors`, or the shards that its index names.
 *
 * Shapes   a source  ->  tensors by name
 * Units    bfloat16 is widened to float32 when a tensor is first read; everything else stays as stored
 * Cost     one read of each file; at most three times their bytes while bfloat16 is widened
 * Errors   SourceError where there are no weights, FormatError for an index or a shard that contradicts itself,
 *          CapabilityError for a type that no back end takes
 */
import type { DType, TensorLike } from "@frugal/tensor";
import { CapabilityError, FormatError, SourceError } from "@frugal/tensor/errors";
import { bfloatsToFloats } from "@frugal/tensor/numbers";
import { Fields } from "./fields.js";
import { isObject, readJson } from "./json.js";
import { readSafetensors, type StoredTensor } from "./safetensors.js";
import type { Source } from "./source.js";

export type Checkpoint = ReadonlyMap<string, TensorLike>;

/** Five times what the largest published model has. */
export const MAX_SHARDS = 1024;
const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";
/** A plain file name: a shard never lies outside its folder. */
const SHARD = /^[A-Za-z0-9][\w.-]*\.safetensors$/;

export async function readCheckpoint(source: Source): Promise<Checkpoint> {
  if (await source.has(SINGLE)) return tensorsOf(await source.read(SINGLE), SINGLE);
  if (!(await source.has(INDEX))) {
    throw new SourceError("readCheckpoint", source.name, 0, `neither ${SINGLE} nor ${INDEX}`);
  }
  const shards = shardsOf(readJson(await source.read(INDEX), INDEX));
  const all = new Map<string, TensorLike>();
  for (const [file, names] of shards) {
    const tensors = tensorsOf(await source.read(file), file);
    for (const name of names) {
      const tensor = tensors.get(name);
      if (!tensor) throw new FormatError(INDEX, `tensor ${name} is not in ${file}`);
      all.set(name, tensor);
    }
  }
  return all;
}

function shardsOf(json: unknown): ReadonlyMap<string, readonly string[]> {
  const weightMap = new Fields(json, INDEX).raw("weight_map");
  if (!isObject(weightMap)) throw new FormatError(INDEX, "weight_map is no object");
  const shards = new Map<string, string[]>();
  for (const [name, file] of Object.entries(weightMap)) {
    if (typeof file !== "string" || !SHARD.test(file)) {
      const shown = JSON.stringify(file).slice(0, 80);
      throw new FormatError(INDEX, `tensor ${name.slice(0, 80)} lies in ${shown}, no file name`);
    }
    const names = shards.get(file) ?? [];
    names.push(name);
    shards.set(file, names);
  }
  if (shards.size > MAX_SHARDS) {
    const limit = `MAX_SHARDS = ${MAX_SHARDS}`;
    throw new FormatError(INDEX, `${shards.size} files`, { limit });
  }
  return shards;
}

function tensorsOf(bytes: Uint8Array, file: string): Checkpoint {
  const tensors = new Map<string, TensorLike>();
  for (const [name, stored] of readSafetensors(bytes).tensors) {
    tensors.set(name, stored.type === "bfloat16" ? new Widened(stored) : plain(stored, name, file));
  }
  return tensors;
}

/** Same object where the type is one that back ends know. */
function plain(stored: StoredTensor, name: string, file: string): TensorLike {
  const { type } = stored;
  if (type === "float64" || type === "int16" || type === "uint16" || type === "bfloat16") {
    throw new CapabilityError(file, [`type ${type} of tensor ${name}`]);
  }
  return stored as StoredTensor & { readonly type: DType };
}

class Widened implements TensorLike {
  readonly type = "float32";
  readonly location = "cpu";
  readonly dims: readonly number[];
  readonly #stored: StoredTensor;
  #data: Float32Array | undefined;

  constructor(stored: StoredTensor) {
    this.dims = stored.dims;
    this.#stored = stored;
  }

  get data(): Float32Array {
    this.#data ??= bfloatsToFloats(this.#stored.data as Uint16Array);
    return this.#data;
  }
}
