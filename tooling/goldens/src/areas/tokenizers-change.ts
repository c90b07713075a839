/** Changes a tokenizer, or gives a model the rows for a new one. */

import { readSafetensors } from "@frugal/runtime";
import {
  dechunkEma,
  dynamicChunk,
  type Matrix,
  predictEmbeddings,
  type StateTensor,
  transplantEmbeddings,
  type WordVectors,
  wechselInit,
  type ZettConfig,
} from "@frugal/tokenizers/change";
import type { CaseRunner, Context, GoldenCase, GoldenValue } from "../types.js";
import { dimsOf, float32Of, numberOf, numbersOf } from "../types.js";
import { bytesOf, jsonOf, textsOf, tokenizerOf } from "./tokenizers-files.js";

/** The last two axes of a tensor, as rows. */
function matrixOf(value: GoldenValue | undefined): Matrix {
  const dims = dimsOf(value);
  const data = float32Of(value);
  const columns = dims[dims.length - 1]!;
  return { rows: data.length / columns, columns, data };
}

const rowsOf = (matrix: Matrix, rows: readonly number[]): number[] =>
  rows.flatMap((row) => [
    ...matrix.data.subarray(row * matrix.columns, (row + 1) * matrix.columns),
  ]);

const noDraw = (): number => 0.5;

const dynamicChunkCase: CaseRunner = async ({ params, inputs }) => {
  const [batch = 1, length = 0, dim = 0] = dimsOf(inputs.hidden);
  const hidden = float32Of(inputs.hidden);
  const mask = numbersOf(inputs.mask);
  const options = {
    query: matrixOf(inputs.query),
    key: matrixOf(inputs.key),
    threshold: numberOf(params.threshold),
  };
  const sequences = Array.from({ length: batch }, (_, b) => {
    const data = hidden.subarray(b * length * dim, (b + 1) * length * dim);
    const rows = { rows: length, columns: dim, data };
    return {
      data,
      ...dynamicChunk(rows, { ...options, mask: mask.slice(b * length, (b + 1) * length) }),
    };
  });
  const most = Math.max(...sequences.map(({ chunks }) => chunks.rows));
  return {
    probability: sequences.map(({ probability }) => probability),
    boundary: sequences.map(({ boundary }) => boundary),
    selectedProbability: sequences.map(({ selectedProbability }) => selectedProbability),
    // The reference fills a batch up with the rows that begin no chunk, in their order.
    chunks: sequences.map(({ data, boundary, chunks }) => {
      const others = Array.from(boundary.keys()).filter((t) => boundary[t] === 0);
      const fill = others.slice(0, most - chunks.rows);
      return [chunks.data, fill.map((t) => data.subarray(t * dim, (t + 1) * dim))];
    }),
    chunkMask: sequences.map(({ chunks }) =>
      Array.from({ length: most }, (_, row) => (row < chunks.rows ? 1 : 0)),
    ),
  };
};

const dechunkCase: CaseRunner = async ({ params, inputs }) => ({
  out: dechunkEma(
    matrixOf(inputs.chunks),
    numbersOf(inputs.boundary),
    numbersOf(inputs.probability),
    { minProbability: numberOf(params.minProbability) },
  ).data,
});

async function wordsOf(
  words: GoldenValue | undefined,
  vectors: GoldenValue | undefined,
  context: Context,
): Promise<WordVectors> {
  return {
    words: (await jsonOf(words, context)) as WordVectors["words"],
    vectors: matrixOf(vectors),
  };
}

const wechselCase: CaseRunner = async ({ params, inputs, expect }, context) => {
  const dictionary = (inputs.dictionary ?? []) as readonly (readonly [string, string])[];
  const { matrix, found, sourceSubwords, targetSubwords, alignment } = await wechselInit({
    matrix: matrixOf(inputs.sourceMatrix),
    sourceTokenizer: await tokenizerOf(inputs.sourceTokenizer, context),
    targetTokenizer: await tokenizerOf(inputs.targetTokenizer, context),
    sourceWords: await wordsOf(inputs.sourceWords, inputs.sourceWordVectors, context),
    targetWords: await wordsOf(inputs.targetWords, inputs.targetWordVectors, context),
    ...(params.align === true ? { dictionary } : {}),
    neighbors: numberOf(params.neighbors),
    temperature: numberOf(params.temperature),
    specialTokens: params.specialTokens as readonly string[],
    random: noDraw,
  });
  return {
    rows: numbersOf(expect.rows),
    matrix: rowsOf(matrix, numbersOf(expect.rows)),
    found,
    sourceSubwords: sourceSubwords.data,
    targetSubwords: targetSubwords.data,
    alignment: alignment?.data,
  };
};

const tokenAdaptCase: CaseRunner = async ({ params, inputs, expect }, context) => {
  const strings = await textsOf(inputs.auxStrings, context);
  const aux = matrixOf(inputs.auxVectors);
  const vectors = new Map(
    strings.map((text, i) => [text, aux.data.subarray(i * aux.columns, (i + 1) * aux.columns)]),
  );
  const { input, output } = await transplantEmbeddings({
    input: matrixOf(inputs.inputMatrix),
    ...(params.tied === true ? {} : { output: matrixOf(inputs.outputMatrix) }),
    oldTokenizer: await tokenizerOf(inputs.oldTokenizer, context),
    newTokenizer: await tokenizerOf(inputs.newTokenizer, context),
    embed: async (texts) => texts.map((text) => vectors.get(text)),
    temperature: numberOf(params.temperature),
    topK: numberOf(params.topK),
    globalWeight: numberOf(params.globalWeight),
    threshold: numberOf(params.threshold),
    padTo: numberOf(params.padTo),
    random: noDraw,
  });
  const rows = numbersOf(expect.rows);
  return {
    rows,
    matrix: rowsOf(input, rows),
    ...(output === undefined ? {} : { outputMatrix: rowsOf(output, rows) }),
    size: input.rows,
  };
};

const zettCase: CaseRunner = async ({ params, inputs }: GoldenCase, context) => {
  const weights = weightsOf(await bytesOf(inputs.weights, context));
  const [count = 0, length = 0] = dimsOf(inputs.surfaceForms);
  const flat = numbersOf(inputs.surfaceForms);
  const config: ZettConfig = {
    hiddenSize: numberOf(params.hiddenSize),
    layers: numberOf(params.layers),
    heads: numberOf(params.heads),
    embeddingSize: numberOf(params.embeddingSize),
    originalVocabularySize: numberOf(params.originalVocabSize),
    padTokenId: numberOf(params.padTokenId),
    separateOutput: params.separateOut === true,
    singleHead: params.singleHead === true,
    rescale: params.rescale === true,
    predictBias: params.predictBias === true,
    ...(params.language === null ? {} : { language: numberOf(params.language) }),
    layerNormEpsilon: numberOf(params.layerNormEps),
  };
  const { input, output, bias } = await predictEmbeddings(
    Array.from({ length: count }, (_, i) => flat.slice(i * length, (i + 1) * length)),
    { config, weights, source: matrixOf(inputs.sourceEmbeddings) },
  );
  return { input: input.data, output: output?.data, bias: bias ?? new Float32Array(count) };
};

/** The tensors whose names begin with `weights.`, without it. */
function weightsOf(bytes: Uint8Array): Map<string, StateTensor> {
  const weights = new Map<string, StateTensor>();
  for (const [name, { dims, data }] of readSafetensors(bytes).tensors)
    if (name.startsWith("weights.") && data instanceof Float32Array)
      weights.set(name.slice("weights.".length), { dims, data });
  return weights;
}

export const tokenizerChangeCases: Record<string, CaseRunner> = {
  "dynamic-chunk": dynamicChunkCase,
  "dechunk-ema": dechunkCase,
  "wechsel-init": wechselCase,
  "token-adapt": tokenAdaptCase,
  zett: zettCase,
};
