/** Reads the files of the reference models and the golden cases. */
import { readFileSync } from "node:fs";
import { loadTokenizer, type Tokenizer } from "../src/index.js";

const root = new URL("../../../", import.meta.url);

export const modelFile = (model: string, file: string): string =>
  readFileSync(new URL(`packages/reference-models/models/${model}/${file}`, root), "utf8");

export const loadModel = (model: string): Promise<Tokenizer> =>
  loadTokenizer(modelFile(model, "tokenizer.json"), {
    config: modelFile(model, "tokenizer_config.json"),
  });

export interface Case {
  readonly id: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expect: Readonly<Record<string, unknown>>;
}

export const coreCases = (method: string): Case[] =>
  readFileSync(new URL("goldens/core/cases.jsonl", root), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Case)
    .filter((entry) => entry.method === method);
