/** Policies of the cache on recorded tensors, codecs, rope tables and attention over ragged caches. */

import type { Scorer } from "@frugal/kv-cache";
import { lastRowsAttention } from "@frugal/kv-cache";
import { pyramidBudgets } from "@frugal/kv-cache/allocators";
import { intCodes, intDecoded } from "@frugal/kv-cache/codecs";
import { keptSlots } from "@frugal/kv-cache/reducers";
import {
  headMean,
  type SnapKvOptions,
  snapKv,
  streamingSlots,
  tova,
} from "@frugal/kv-cache/scorers";
import { type CacheView, createRandom, type Floats, floats } from "@frugal/tensor";
import {
  type CaseRunner,
  dimsOf,
  float32Of,
  type GoldenCase,
  type GoldenValue,
  MissingError,
  numberOf,
  numbersOf,
} from "../types.js";
import { raggedAttention } from "./kv-attention.js";
import { keyRotation, ropeTable } from "./kv-rope.js";

export const kvCases: Record<string, CaseRunner> = {
  "streaming-llm": recorded(({ params, inputs }) => {
    const spans = { sinks: numberOf(params.sinks), window: numberOf(params.window) };
    const length = numberOf(inputs.length);
    const coming = numberOf(inputs.coming);
    return {
      kept: streamingSlots(length, spans),
      keptForSpace: streamingSlots(length, { ...spans, coming }),
    };
  }),
  snapkv: recorded((golden) =>
    golden.params.granularity === "queryHead" ? snapKvOfficial(golden) : snapKvScores(golden),
  ),
  tova: recorded((golden) => ("attention" in golden.inputs ? tovaOfficial : tovaScores)(golden)),
  pyramidkv: recorded(({ params, inputs }) => {
    if (params.parity !== "official") throw new MissingError(`parity ${params.parity}`);
    return {
      budgets: pyramidBudgets({
        layers: numberOf(params.layers),
        window: numberOf(params.window),
        capacity: numberOf(params.capacity),
        beta: numberOf(params.beta),
        length: numberOf(inputs.length),
        parity: "official",
      }),
    };
  }),
  int: recorded(({ params, inputs, expect }) => {
    const vectors = floatsOf(inputs.x);
    const [count, width] = vectors.dims as [number, number];
    // The case has laid out what shares a scale as a row, whatever its axis was.
    const options = { bits: numberOf(params.bits), symmetric: params.symmetric === true };
    const made = intCodes(vectors, options);
    return {
      codes: made.codes,
      scale: made.scales,
      ...("zero" in expect ? { zero: made.zeros } : {}),
      decoded: intDecoded(made, count, width, options),
    };
  }),
  rope: recorded(ropeTable),
  "key-rerotation": recorded(keyRotation),
  "ragged-attention": recorded(raggedAttention),
};

type Recorded = (
  golden: GoldenCase,
  context: Parameters<CaseRunner>[1],
) => Record<string, unknown> | Promise<Record<string, unknown>>;

/** A case on tensors; those that run a model are told apart by their inputs. */
function recorded(run: Recorded): CaseRunner {
  return async (golden, context) => {
    if ("model" in golden.inputs) throw new MissingError("needs a run of the model");
    return run(golden, context);
  };
}

function snapKvScores({ params, inputs }: GoldenCase): Record<string, unknown> {
  const window = numberOf(params.window);
  const [queries, keys] = [floatsOf(inputs.queries), floatsOf(inputs.keys)];
  const attention = lastRowsAttention(queries, keys, window);
  const kvHeadCount = keys.dims[0] as number;
  const scores = scored(snapKv(snapKvOptions(params)), attention, kvHeadCount);
  return { scores: leadingColumns(scores, window) };
}

/** The authors' own layout: keys repeated, so each query head is a kv head. */
function snapKvOfficial({ params, inputs }: GoldenCase): Record<string, unknown> {
  const window = numberOf(params.window);
  const capacity = numberOf(params.capacity);
  const queries = floatsOf(inputs.queries);
  const [heads, length] = queries.dims as [number, number];
  const attention = lastRowsAttention(queries, floatsOf(inputs.keys), window);
  const scores = scored(snapKv(snapKvOptions(params)), attention, heads);
  const count = Math.min(length, capacity);
  return {
    kept: numbersOf(params.comparedHeads).map((head) =>
      keptSlots(
        scores.data.subarray(head * length, (head + 1) * length),
        count,
        (slot) => slot >= length - window,
      ),
    ),
  };
}

function snapKvOptions(params: GoldenCase["params"]): SnapKvOptions {
  return {
    window: numberOf(params.window),
    kernel: numberOf(params.kernel),
    pooling: params.pooling === "max" ? "max" : "average",
    rows: params.rows === "sum" ? "sum" : "mean",
    groupReduce: params.groupReduce === "max" ? "max" : "mean",
  };
}

function tovaScores({ inputs }: GoldenCase): Record<string, unknown> {
  const keys = floatsOf(inputs.keys);
  const attention = lastRowsAttention(floatsOf(inputs.queries), keys, 1);
  const mean = leadingColumns(scored(tova(), attention, keys.dims[0] as number), 1);
  return { scores: Array.from({ length: keys.dims[0] as number }, () => mean) };
}

/** Positions that stay, after the prompt and after each token that follows. */
function tovaOfficial({ params, inputs }: GoldenCase): Record<string, unknown> {
  const size = numberOf(params.size);
  const keep = (positions: readonly number[], attention: GoldenValue | undefined) => {
    const { data } = headMean(floatsOf(attention));
    const isNewest = (slot: number) => params.protectNewest === true && slot === data.length - 1;
    return Array.from(keptSlots(data, size, isNewest), (slot) => positions[slot] as number);
  };
  const length = dimsOf(inputs.attention)[2] as number;
  let kept = keep(
    Array.from({ length }, (_, position) => position),
    inputs.attention,
  );
  const result: Record<string, unknown> = { kept };
  for (let step = 0; `step${step}` in inputs; step++) {
    kept = keep([...kept, length + step], inputs[`step${step}`]);
    result[`kept${step}`] = kept;
  }
  return result;
}

/** What a scorer says of one layer after one look at its attention. */
function scored(scorer: Scorer, attention: Floats, kvHeadCount: number): Floats {
  const [heads, rows, length] = attention.dims as [number, number, number];
  const cache = fullView(kvHeadCount, length);
  const session = scorer.open(cache.layout, createRandom(0));
  session.observe?.(0, { attention }, length - rows, rows);
  const scores = session.scores(0, cache);
  if (scores instanceof Promise) throw new MissingError(`${scorer.name} of ${heads} heads waits`);
  return scores;
}

/** One layer whose heads all have `length` slots; nobody reads its vectors here. */
function fullView(kvHeadCount: number, length: number): CacheView {
  const unread = () => Promise.reject(new MissingError("vectors"));
  return {
    layout: { model: {}, layers: [{ kind: "attention", kvHeadCount, headWidth: 1 }] },
    length: () => length,
    positions: () => Int32Array.from({ length }, (_, i) => i),
    logWeights: () => null,
    isProtected: () => false,
    keys: unread,
    values: unread,
    byteLength: () => 0,
  };
}

/** Without the last `count` columns of each row. */
function leadingColumns({ dims, data }: Floats, count: number): Float32Array[] {
  const [rows, columns] = dims as [number, number];
  return Array.from({ length: rows }, (_, row) =>
    data.subarray(row * columns, (row + 1) * columns - count),
  );
}

const floatsOf = (value: GoldenValue | undefined): Floats =>
  floats(dimsOf(value), float32Of(value));
