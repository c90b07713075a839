/** Models that lack something, are of another kind, come in shards, or are not wanted any more. */
import { readdir, readFile } from "node:fs/promises";
import { modelDirectory, type ReferenceModelName } from "@frugal/reference-models";
import { referenceBackend } from "@frugal/tensor/reference";
import { beforeAll, expect, test } from "vitest";
import { loadModel } from "./load.js";

type Files = Map<string, Uint8Array>;
let draft: Files;
let scenes: Files;

async function filesOf(name: ReferenceModelName): Promise<Files> {
  const folder = modelDirectory(name);
  const files: Files = new Map();
  for (const file of await readdir(folder)) files.set(file, await readFile(new URL(file, folder)));
  return files;
}

beforeAll(async () => {
  draft = await filesOf("fables-draft");
  scenes = await filesOf("scenes");
});

const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const jsonOf = (files: Files, name: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(files.get(name))) as Record<string, unknown>;

const open = (files: Files, more = {}) =>
  loadModel(new Map(files), { backend: referenceBackend(), ...more });

const without = (files: Files, name: string): Files =>
  new Map([...files].filter(([file]) => file !== name));

const changed = (files: Files, change: (config: Record<string, unknown>) => unknown): Files =>
  new Map(files).set("config.json", text(change(jsonOf(files, "config.json"))));

test.each(["config.json", "model.safetensors", "tokenizer.json"])("without %s", async (name) => {
  await expect(open(without(draft, name))).rejects.toMatchObject({ code: "SourceError" });
});

test("what is optional may be absent", async () => {
  const model = await open(
    without(without(draft, "generation_config.json"), "tokenizer_config.json"),
  );
  expect(model.shape.decoder?.layerCount).toBe(2);
  model.dispose();
});

test.each([
  ["another architecture", (config: object) => ({ ...config, model_type: "mamba2" })],
  ["no architecture", (config: object) => ({ ...config, model_type: undefined })],
])("%s", async (_, change) => {
  await expect(open(changed(draft, change))).rejects.toMatchObject({
    code: expect.stringMatching(/^(CapabilityError|FormatError)$/),
  });
});

test("an encoder without a text model", async () => {
  const vision = changed(scenes, ({ vision_config }) => ({
    ...(vision_config as object),
    model_type: "clip_vision_model",
  }));
  await expect(open(vision)).rejects.toThrow(/without a text model/);
});

test.each([
  ["features of several layers", { vision_feature_layer: [-2, -1] }],
  ["quick_gelu", { projector_hidden_act: "quick_gelu" }],
])("a picture model with %s", async (what, change) => {
  const promise = open(changed(scenes, (config) => ({ ...config, ...change })));
  await expect(promise).rejects.toMatchObject({ code: "CapabilityError" });
  await expect(promise).rejects.toThrow(what.split(" ")[0] as string);
});

test("weights of other sizes than the config says", async () => {
  const wrong = changed(draft, (config) => ({ ...config, intermediate_size: 32 }));
  await expect(open(wrong)).rejects.toThrow(/the config wants/);
  const deeper = changed(draft, (config) => ({ ...config, num_hidden_layers: 9 }));
  await expect(open(deeper)).rejects.toMatchObject({ code: "FormatError" });
});

test("files that are no JSON", async () => {
  const broken = new Map(draft).set("config.json", Uint8Array.of(123, 34));
  await expect(open(broken)).rejects.toMatchObject({ code: "FormatError" });
});

/** The same tensors in two files, with the index that names them. */
function sharded(files: Files): Files {
  const whole = files.get("model.safetensors") as Uint8Array;
  const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(whole.subarray(8, 8 + length))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const names = Object.keys(header).filter((name) => name !== "__metadata__");
  const result = without(files, "model.safetensors");
  const map: Record<string, string> = {};
  for (const shard of [0, 1]) {
    const file = `model-0000${shard + 1}-of-00002.safetensors`;
    const own: Record<string, object> = {};
    const parts: Uint8Array[] = [];
    let at = 0;
    for (const name of names.filter((_, i) => i % 2 === shard)) {
      const entry = header[name] as { data_offsets: [number, number] };
      const [from, to] = entry.data_offsets;
      own[name] = { ...entry, data_offsets: [at, at + to - from] };
      parts.push(whole.subarray(8 + length + from, 8 + length + to));
      map[name] = file;
      at += to - from;
    }
    const head = text(own);
    const size = new Uint8Array(8);
    new DataView(size.buffer).setUint32(0, head.length, true);
    result.set(file, Buffer.concat([size, head, ...parts]));
  }
  return result.set("model.safetensors.index.json", text({ metadata: {}, weight_map: map }));
}

test("shards give the same model as one file", async () => {
  const tokens = Uint32Array.of(0, 300, 42, 7);
  const logits = [];
  for (const files of [draft, sharded(draft)]) {
    const model = await open(files);
    const cache = model.newCache();
    const out = await model.step({ rows: [{ cache, tokens }], logits: "last" });
    logits.push(out.logits[0]?.data);
    model.dispose();
  }
  expect(logits[0]).toEqual(logits[1]);
});

test("an abort rejects with its reason", async () => {
  const reason = new RangeError("not now");
  await expect(open(draft, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  const onProgress = ({ file }: { file: string }) => {
    if (file === "tokenizer.json") controller.abort(reason);
  };
  await expect(open(draft, { signal: controller.signal, onProgress })).rejects.toBe(reason);
});
