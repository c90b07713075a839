/** Words cut into roots and suffixes. */
import { type MorphTokenizer, morphTokenizer, TURKISH } from "@frugal/tokenizers/segment";
import type { CaseRunner, Context, GoldenCase } from "../types.js";
import { jsonOf, textsOf } from "./tokenizers-files.js";

type Dictionary = Readonly<Record<string, number>>;

async function morphOf({ inputs }: GoldenCase, context: Context): Promise<MorphTokenizer> {
  const file = (await jsonOf(inputs.dictionaries, context)) as Readonly<Record<string, Dictionary>>;
  const entries = (name: string) => Object.entries(file[name] ?? {});
  return morphTokenizer(
    { roots: entries("roots"), suffixes: entries("suffixes"), subwords: entries("subwords") },
    { language: TURKISH },
  );
}

const encode: CaseRunner = async (golden, context) => {
  const tokenizer = await morphOf(golden, context);
  const texts = await textsOf(golden.inputs.texts, context);
  return {
    ids: texts.map((text) => tokenizer.encode(text)),
    tokens: texts.map((text) => tokenizer.tokenize(text)),
  };
};

const decode: CaseRunner = async (golden, context) => {
  const tokenizer = await morphOf(golden, context);
  const ids = (await jsonOf(golden.inputs.ids, context)) as readonly (readonly number[])[];
  return { texts: ids.map((list) => tokenizer.decode(list)) };
};

export const tokenizerMorphCases: Record<string, CaseRunner> = {
  "morph-tokenizer-encode": encode,
  "morph-tokenizer-decode": decode,
};
