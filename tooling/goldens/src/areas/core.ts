/** Whole models: hidden states, attention, logits and greedy text of the three reference models. */

import { readFile } from "node:fs/promises";
import { modelDirectory } from "@frugal/reference-models";
import type { LanguageModel } from "@frugal/runtime";
import { readSafetensors } from "@frugal/runtime";
import type { Floats, Needs, Signals, Tap } from "@frugal/tensor";
import { halfToFloat } from "@frugal/tensor/numbers";
import { modelOf } from "../models.js";
import {
  type CaseRunner,
  type Context,
  dimsOf,
  type GoldenCase,
  isTensor,
  numbersOf,
  textOf,
} from "../types.js";

type Pixels = { width: number; height: number; data: Uint8Array };

/** The picture of a case, as the runtime takes it: file bytes or RGB. */
export async function pictureOf(
  golden: GoldenCase,
  context: Context,
): Promise<Uint8Array | Pixels> {
  const { pixels, picture } = golden.inputs;
  if (isTensor(pixels)) {
    const [height, width] = dimsOf(pixels) as [number, number];
    return { width, height, data: Uint8Array.from(numbersOf(pixels)) };
  }
  return new Uint8Array(await context.file(textOf(picture).replace(/^file:/, "")));
}

const languageModel: CaseRunner = async (golden, { backend }) => {
  const model = await modelOf(golden, backend);
  const ids = Uint32Array.from(numbersOf(golden.inputs.ids));
  return stack(golden, model, ids, await model.embed(ids), { ids });
};

const visionLanguageModel: CaseRunner = async (golden, context) => {
  const model = await modelOf(golden, context.backend);
  const ids = Uint32Array.from(numbersOf(golden.inputs.ids));
  const picture = await pictureOf(golden, context);
  const { projected } = await model.look(picture);
  const embeddings = await model.embed(ids);
  embeddings.data.set(projected.data, ids.indexOf(4) * (projected.dims[1] as number));
  return stack(golden, model, ids, embeddings, { ids, images: [picture] });
};

/** Feeds embeddings piece by piece and gathers what the case asks for. */
async function stack(
  golden: GoldenCase,
  model: LanguageModel,
  ids: Uint32Array,
  embeddings: Floats,
  prompt: Parameters<LanguageModel["generate"]>[0],
): Promise<Record<string, unknown>> {
  const { params, expect } = golden;
  const rowsOf = (name: string): number[] => numbersOf(params[name]);
  const needs = needsOf(Object.keys(expect));
  const cache = model.newCache();
  const width = embeddings.dims[1] as number;
  const found: { signals: Signals; logits: Floats; normed: Floats; first: number; rows: number }[] =
    [];
  let first = 0;
  for (const rows of rowsOf("pieces")) {
    const data = embeddings.data.slice(first * width, (first + rows) * width);
    const piece: Floats = { type: "float32", location: "cpu", dims: [rows, width], data };
    const tokens = ids.slice(first, first + rows);
    const output = await model.step({
      rows: [{ cache, tokens, embeddings: piece }],
      logits: "all",
      needs,
    });
    const normed = await model.normed(rows);
    found.push({
      signals: output.signals[0] as Signals,
      logits: output.logits[0] as Floats,
      normed,
      first,
      rows,
    });
    first += rows;
  }
  cache.dispose();
  const pick = (row: number) =>
    found.find((p) => row >= p.first && row < p.first + p.rows) as (typeof found)[0];
  const rowOf = (value: Floats, row: number): Float32Array => {
    const length = value.dims[1] as number;
    return value.data.slice(row * length, (row + 1) * length);
  };
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(expect)) {
    const [kind, number] = key.split(".");
    if (kind === "logits") {
      result[key] = rowsOf("logitRows").map((row) =>
        rowOf(pick(row).logits, row - pick(row).first),
      );
    } else if (kind === "normed") {
      result[key] = rowsOf("hiddenRows").map((row) =>
        rowOf(pick(row).normed, row - pick(row).first),
      );
    } else if (kind === "hidden") {
      result[key] = rowsOf("hiddenRows").map((row) =>
        rowOf(pick(row).signals[key] as Floats, row - pick(row).first),
      );
    } else if (kind === "attention") {
      const rows = rowsOf("attentionRows");
      const heads = model.shape.decoder?.queryHeadCount ?? 0;
      result[key] = Array.from({ length: heads }, (_, head) =>
        rows.map((row) => attentionRow(pick(row), key, head, row, ids.length)),
      );
    } else if (kind === "nextLogProbabilities") {
      result[key] = Array.from({ length: ids.length - 1 }, (_, row) =>
        logProbability(rowOf(pick(row).logits, row - pick(row).first), ids[row + 1] as number),
      );
    } else if (kind !== "greedy" && kind !== "greedyText") throw new TypeError(`${key} ${number}`);
  }
  return "greedy" in expect ? { ...result, ...(await greedy(golden, model, prompt)) } : result;
}

/** Lists end before a near tie, so only as many tokens as the case has are asked for. */
async function greedy(
  golden: GoldenCase,
  model: LanguageModel,
  prompt: Parameters<LanguageModel["generate"]>[0],
): Promise<{ greedy: number[]; greedyText: string }> {
  const count = numbersOf(golden.expect.greedy).length;
  const tokens: number[] = [];
  let text = "";
  if (count === 0) return { greedy: tokens, greedyText: text };
  for await (const piece of model.generate(prompt, { maxTokens: count, temperature: 0 })) {
    tokens.push(...piece.tokenIds);
    text += piece.text;
  }
  return { greedy: tokens, greedyText: text };
}

function needsOf(keys: readonly string[]): Needs {
  const needs: Record<string, Tap> = {};
  for (const key of keys) {
    const [kind, layer] = key.split(".");
    if (kind === "hidden") needs[key] = { signal: "hidden", part: "decoder", layer: Number(layer) };
    if (kind === "attention")
      needs[key] = { signal: "attention", part: "decoder", layer: Number(layer) };
  }
  return needs;
}

function attentionRow(
  piece: { signals: Signals; first: number; rows: number },
  key: string,
  head: number,
  row: number,
  length: number,
): Float32Array {
  const { dims, data } = piece.signals[key] as Floats;
  const columns = dims[2] as number;
  const out = new Float32Array(length);
  const at = (head * piece.rows + row - piece.first) * columns;
  out.set(data.subarray(at, at + columns));
  return out;
}

export function logProbability(logits: Float32Array, id: number): number {
  return (logits[id] as number) - logSumExp(logits);
}

export function logSumExp(logits: Float32Array): number {
  let largest = -Infinity;
  for (const value of logits) largest = Math.max(largest, value);
  let sum = 0;
  for (const value of logits) sum += Math.exp(value - largest);
  return largest + Math.log(sum);
}

const tree: CaseRunner = async (golden, { backend }) => {
  const model = await modelOf(golden, backend);
  const cache = model.newCache();
  const ids = Uint32Array.from(numbersOf(golden.inputs.ids));
  await model.step({ rows: [{ cache, tokens: ids }], logits: "none" });
  const tokens = Uint32Array.from(numbersOf(golden.inputs.tokens));
  const parents = Int32Array.from(numbersOf(golden.inputs.parents));
  const { logits } = await model.step({ rows: [{ cache, tokens, parents }], logits: "all" });
  cache.dispose();
  return { logits: logits[0] };
};

const visionEncoder: CaseRunner = async (golden, context) => {
  const model = await modelOf(golden, context.backend);
  const needs: Record<string, Tap> = {};
  for (const key of Object.keys(golden.expect)) {
    const [kind, layer] = key.split(".");
    if (kind === "hidden") needs[key] = { signal: "hidden", part: "encoder", layer: Number(layer) };
    if (kind === "classAttention") {
      needs[key] = { signal: "attention", part: "encoder", layer: Number(layer), rows: "class" };
    }
  }
  const look = await model.look(await pictureOf(golden, context), { needs });
  const rows = (value: Floats, name: string) => {
    const width = value.dims[1] as number;
    return numbersOf(golden.params[name]).map((row) =>
      value.data.slice(row * width, (row + 1) * width),
    );
  };
  const result: Record<string, unknown> = { pooled: look.pooled };
  for (const key of Object.keys(golden.expect)) {
    if (key.startsWith("hidden.")) result[key] = rows(look.signals[key] as Floats, "hiddenRows");
    if (key.startsWith("classAttention.")) result[key] = look.signals[key];
    if (key === "features") result[key] = rows(look.features, "featureRows");
    if (key === "projected") result[key] = rows(look.projected, "projectedRows");
    if (key === "presence") result[key] = await presence(look.pooled);
    if (key === "pixelValues")
      result[key] = await model.pixelValues(await pictureOf(golden, context));
  }
  return result;
};

async function presence(pooled: Floats): Promise<number[]> {
  const bytes = await readFile(new URL("presence.safetensors", modelDirectory("scenes")));
  const { tensors } = readSafetensors(new Uint8Array(bytes));
  const read = (name: string): number[] =>
    Array.from(tensors.get(name)?.data as Uint16Array, (bits) => halfToFloat(bits));
  const [weight, bias] = [read("weight"), read("bias")];
  const width = pooled.data.length;
  return bias.map((b, i) =>
    pooled.data.reduce((sum, x, c) => sum + x * (weight[i * width + c] as number), b),
  );
}

const encode: CaseRunner = async (golden, { backend }) => {
  const { tokenizer } = await modelOf(golden, backend);
  const addSpecialTokens = golden.params.addSpecialTokens === true;
  const { ids, offsets } = tokenizer.encodeWithOffsets(textOf(golden.inputs.text), {
    addSpecialTokens,
  });
  return { ids, offsets, decoded: tokenizer.decode(ids) };
};

const chatTemplate: CaseRunner = async (golden, { backend }) => {
  const model = await modelOf(golden, backend);
  const messages = golden.inputs.messages as never;
  const addGenerationPrompt = golden.params.addGenerationPrompt === true;
  const text = model.tokenizer.renderChat(messages, { addGenerationPrompt });
  const ids = model.tokenizer.encode(text, { addSpecialTokens: false });
  return {
    text,
    ids: [...ids].flatMap((id) => (id === model.imageTokenId ? Array(256).fill(id) : [id])),
  };
};

export const coreCases: Record<string, CaseRunner> = {
  "language-model": languageModel,
  "language-model-tree": tree,
  "vision-encoder": visionEncoder,
  "vision-language-model": visionLanguageModel,
  encode,
  "chat-template": chatTemplate,
};
