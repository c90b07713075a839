import { modelDirectory } from "@frugal/reference-models";
import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, test } from "vitest";
import { readCheckpoint } from "./checkpoint.js";
import { openSource } from "./source.js";

const text = new TextEncoder();

function weights(entries: Record<string, [dtype: string, shape: number[], data: number[]]>) {
  const header: Record<string, object> = {};
  const data: number[] = [];
  for (const [name, [dtype, shape, values]] of Object.entries(entries)) {
    header[name] = { dtype, shape, data_offsets: [data.length, data.length + values.length] };
    data.push(...values);
  }
  const json = text.encode(JSON.stringify(header));
  return Uint8Array.of(json.length & 255, json.length >> 8, 0, 0, 0, 0, 0, 0, ...json, ...data);
}

const index = (weight_map: unknown) => text.encode(JSON.stringify({ metadata: {}, weight_map }));
const A = "model-00001-of-00002.safetensors";
const B = "model-00002-of-00002.safetensors";
const INDEX = "model.safetensors.index.json";

async function read(files: Record<string, Uint8Array>) {
  return readCheckpoint(await openSource(new Map(Object.entries(files))));
}

async function codeOf(files: Record<string, Uint8Array>): Promise<string> {
  try {
    await read(files);
  } catch (error) {
    if (FrugalError.is(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("readCheckpoint", () => {
  test("reads the reference models", async () => {
    const fables = await readCheckpoint(await openSource(modelDirectory("fables")));
    expect(fables.get("model.embed_tokens.weight")).toMatchObject({
      type: "float16",
      dims: [4096, 192],
    });
  });

  test("widens bfloat16, once", async () => {
    const file = weights({ w: ["BF16", [2], [0x80, 0x3f, 0x20, 0xc1]] });
    const w = (await read({ "model.safetensors": file })).get("w");
    expect(w).toMatchObject({ type: "float32", dims: [2], location: "cpu" });
    expect(w?.data).toEqual(Float32Array.of(1, -10));
    expect(w?.data).toBe(w?.data);
  });

  test("puts shards together", async () => {
    const files = {
      [INDEX]: index({ a: A, b: B, c: A }),
      [A]: weights({ a: ["U8", [1], [1]], c: ["U8", [1], [3]], unnamed: ["U8", [1], [9]] }),
      [B]: weights({ b: ["U8", [1], [2]] }),
    };
    const all = await read(files);
    expect([...all.keys()].sort()).toEqual(["a", "b", "c"]);
    expect([...all].map(([name, { data }]) => [name, ...(data as Uint8Array)]).sort()).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
  });

  test("refuses indexes and shards that contradict each other", async () => {
    const shard = weights({ a: ["U8", [1], [1]] });
    expect(await codeOf({})).toMatch(/^SourceError.*neither/);
    expect(await codeOf({ [INDEX]: index({ b: A }), [A]: shard })).toMatch(/^FormatError.*not in/);
    expect(await codeOf({ [INDEX]: index({ a: A }) })).toMatch(/^SourceError.*no such file/);
    expect(await codeOf({ [INDEX]: index([A]) })).toMatch(/^FormatError.*weight_map/);
    for (const name of ["../x.safetensors", "/etc/x.safetensors", "a/b.safetensors", "x.bin", 3]) {
      expect(await codeOf({ [INDEX]: index({ a: name }) })).toMatch(/^FormatError.*no file name/);
    }
    const many = Object.fromEntries(
      Array.from({ length: 1025 }, (_, i) => [`t${i}`, `s${i}.safetensors`]),
    );
    expect(await codeOf({ [INDEX]: index(many) })).toMatch(/^FormatError.*MAX_SHARDS/);
  });

  test("names a type that no back end takes", async () => {
    const file = weights({ w: ["F64", [1], Array(8).fill(0)] });
    expect(await codeOf({ "model.safetensors": file })).toMatch(/^CapabilityError.*float64/);
  });
});
