/** Reads one area's folder: its cases, with tensors and files resolved. */
import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import { readSafetensors } from "@frugal/runtime";
import { halfToFloat } from "@frugal/tensor/numbers";
import type { GoldenCase, GoldenTensor, GoldenValue } from "./types.js";

const TENSOR = /^([\w./-]+\.safetensors)#(.+)$/;

export class Area {
  readonly folder: string;
  #files = new Map<string, Promise<ReadonlyMap<string, GoldenTensor>>>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The cases as they stand in the file, nothing resolved. */
  async raw(): Promise<readonly GoldenCase[]> {
    const text = await readFile(join(this.folder, "cases.jsonl"), "utf8");
    return text
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(
        (line) =>
          ({
            params: {},
            inputs: {},
            expect: {},
            tolerance: {},
            ...JSON.parse(line),
          }) as GoldenCase,
      );
  }

  async resolve(golden: GoldenCase): Promise<GoldenCase> {
    const [params, inputs, expect] = await Promise.all([
      this.#resolved(golden.params),
      this.#resolved(golden.inputs),
      this.#resolved(golden.expect),
    ]);
    type Fields = Record<string, GoldenValue>;
    return {
      ...golden,
      params: params as Fields,
      inputs: inputs as Fields,
      expect: expect as Fields,
    };
  }

  file(path: string): Promise<Uint8Array> {
    const inside = normalize(path);
    if (inside.startsWith("..")) throw new RangeError(`outside the area: ${path}`);
    return readFile(join(this.folder, inside));
  }

  async #resolved(value: GoldenValue): Promise<GoldenValue> {
    if (typeof value === "string") {
      const match = TENSOR.exec(value);
      if (!match) return value;
      const tensor = (await this.#tensors(match[1] as string)).get(match[2] as string);
      if (!tensor) throw new Error(`no such tensor: ${value}`);
      return tensor;
    }
    if (Array.isArray(value)) {
      if (!value.some((item) => typeof item === "object" || typeof item === "string")) return value;
      return Promise.all((value as readonly GoldenValue[]).map((item) => this.#resolved(item)));
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(async ([k, v]) => [
      k,
      await this.#resolved(v as GoldenValue),
    ]);
    return Object.fromEntries(await Promise.all(entries));
  }

  #tensors(name: string): Promise<ReadonlyMap<string, GoldenTensor>> {
    const known = this.#files.get(name);
    if (known) return known;
    const reading = this.file(name).then((bytes) => {
      const tensors = new Map<string, GoldenTensor>();
      for (const [key, entry] of readSafetensors(new Uint8Array(bytes)).tensors) {
        tensors.set(key, { dims: entry.dims, data: plainNumbers(entry.type, entry.data) });
      }
      return tensors;
    });
    this.#files.set(name, reading);
    return reading;
  }
}

function plainNumbers(type: string, data: ArrayBufferView): GoldenTensor["data"] {
  if (type === "int64") return Float64Array.from(data as unknown as BigInt64Array, Number);
  if (type === "float16") return Float32Array.from(data as Uint16Array, halfToFloat);
  if (type === "float64") return data as Float64Array;
  return data as GoldenTensor["data"];
}
