/**
 * Rows for a new vocabulary from a model's rows for the old one: a mix of the old tokens that spell a token (local) and of
 * the old tokens nearest to it in an outside embedding (global).
 *
 * Paper    TokenAdapt: Sharthak et al., Achieving Tokenizer Flexibility in Language Models, arXiv:2505.09738
 * Shapes   input [V_old, D], output [V_old, D] if the head is not tied, vectors [E]  ->  [V_new padded, D]
 * Cost     O(V_new (V_old E + D)): every pair is compared where the global part has weight
 * Differs  rows that nothing tells of are drawn as there, but a token that is a part of a character gets the mean of the
 *          rows of its bytes first, if the old tokenizer is byte-level
 * Errors   ShapeError for matrices that do not fit; ArgumentError for options out of range; the signal's reason
 */
import { ArgumentError, ShapeError } from "@frugal/tensor/errors";
import { type JobOptions, Pace } from "../train/pace.js";
import type { Tokenizer } from "../types.js";
import {
  addRows,
  checkMatrix,
  cosine,
  dot,
  greatest,
  type Matrix,
  normal,
  rowOf,
  softmax,
  zeros,
} from "./matrix.js";

/** Vectors [E] for texts; undefined for a text that has none. */
export type EmbedTexts = (
  texts: readonly string[],
) => Promise<readonly (Float32Array | undefined)[]>;

export interface TokenAdaptOptions extends JobOptions {
  readonly input: Matrix;
  /** Default: tied, there is none. */
  readonly output?: Matrix;
  readonly oldTokenizer: Tokenizer;
  readonly newTokenizer: Tokenizer;
  /** An embedder of sentences or words, outside of the model. */
  readonly embed: EmbedTexts;
  /** Default 0.3. */
  readonly temperature?: number;
  /** Old tokens that the global part mixes. Default 3. */
  readonly topK?: number;
  /** Share of the global part, 0 to 1. Default 0.3. */
  readonly globalWeight?: number;
  /** Least similarity of a neighbour. Default 0. */
  readonly threshold?: number;
  /** Rows are filled up to a multiple of it. Default 128. */
  readonly padTo?: number;
  /** For rows that nothing tells of. */
  readonly random: () => number;
}

export interface AdaptedRows {
  readonly input: Matrix;
  readonly output?: Matrix;
  /** How many rows came from where. */
  readonly counts: {
    readonly shared: number;
    readonly mixed: number;
    readonly bytes: number;
    readonly random: number;
  };
}

/** Texts handed to the embedder at once. */
const BATCH = 256;
/** Keeps a temperature of 0 from dividing by it, as in the reference. */
const LEAST_TEMPERATURE = 1e-5;

/** Weights over old tokens. */
interface Mix {
  readonly ids: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

export async function transplantEmbeddings(options: TokenAdaptOptions): Promise<AdaptedRows> {
  const { input, output, oldTokenizer, newTokenizer, random } = options;
  const { globalWeight = 0.3, padTo = 128 } = options;
  checkOptions(options);
  const pace = new Pace(options);
  const size = newTokenizer.vocabularySize;
  const rows = Math.ceil(size / padTo) * padTo;
  const targets = [input, ...(output === undefined ? [] : [output])].map((from) => ({
    from,
    to: drawn(rows, from, random),
  }));
  const oldTexts = decodedTokens(oldTokenizer);
  const newTexts = decodedTokens(newTokenizer);
  const vectors = await embedded([...oldTexts, ...newTexts], options, pace);
  const neighbours = globalWeight > 0 ? neighbourFinder(oldTexts, vectors, options) : undefined;
  const work = globalWeight > 0 ? oldTexts.length * 8 : 1 << 10;
  const counts = { shared: 0, mixed: 0, bytes: 0, random: 0 };
  for (let id = 0; id < size; id++) {
    const token = newTokenizer.idToToken(id);
    if (token === undefined) continue;
    const shared = oldTokenizer.tokenToId(token);
    if (shared !== undefined && shared < input.rows) {
      counts.shared++;
      for (const { from, to } of targets) rowOf(to, id).set(rowOf(from, shared));
    } else {
      const text = newTexts[id]!;
      const local = globalWeight < 1 ? localMix(text, vectors, options) : undefined;
      const mixes = shares(local, neighbours?.(text), globalWeight);
      const bytes = mixes.length === 0 ? byteMix(newTokenizer, id, options) : undefined;
      if (bytes !== undefined) mixes.push(bytes);
      counts[bytes === undefined ? (mixes.length > 0 ? "mixed" : "random") : "bytes"]++;
      if (mixes.length > 0)
        for (const { from, to } of targets) setMixed(rowOf(to, id), from, mixes);
    }
    if (pace.spend(work)) await pace.rest("rows", id + 1, size);
  }
  return {
    input: targets[0]!.to,
    ...(output === undefined ? {} : { output: targets[1]!.to }),
    counts,
  };
}

function checkOptions(options: TokenAdaptOptions): void {
  const { input, output, oldTokenizer, temperature = 0.3, topK = 3 } = options;
  const { globalWeight = 0.3, threshold = 0, padTo = 128 } = options;
  const name = "transplantEmbeddings";
  checkMatrix(name, input);
  if (output !== undefined) checkMatrix(name, output, input.rows, input.columns);
  if (input.rows < oldTokenizer.vocabularySize)
    throw new ShapeError(
      name,
      [oldTokenizer.vocabularySize, input.columns],
      [input.rows, input.columns],
    );
  const refuse = (argument: string, wanted: string, got: number): never => {
    throw new ArgumentError(name, argument, wanted, got);
  };
  if (!(temperature >= 0 && temperature < Infinity))
    refuse("temperature", "0 or more", temperature);
  if (!(Number.isInteger(topK) && topK >= 1)) refuse("topK", "a positive integer", topK);
  if (!(globalWeight >= 0 && globalWeight <= 1))
    refuse("globalWeight", "within [0, 1]", globalWeight);
  if (Number.isNaN(threshold)) refuse("threshold", "a number", threshold);
  if (!(Number.isInteger(padTo) && padTo >= 1 && padTo <= 1 << 16))
    refuse("padTo", "an integer from 1 to 65536", padTo);
}

/** Rows of the normal law with the mean and the deviation of all numbers of `like`. */
function drawn(rows: number, like: Matrix, random: () => number): Matrix {
  const { data } = like;
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const squares = data.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, data.length - 1));
  const out = zeros(rows, like.columns);
  for (let i = 0; i < out.data.length; i++) out.data[i] = mean + deviation * normal(random);
  return out;
}

function decodedTokens(tokenizer: Tokenizer): string[] {
  return Array.from({ length: tokenizer.vocabularySize }, (_, id) =>
    tokenizer.idToToken(id) === undefined ? "" : tokenizer.decode([id]),
  );
}

async function embedded(
  texts: readonly string[],
  { embed }: TokenAdaptOptions,
  pace: Pace,
): Promise<Map<string, Float32Array>> {
  const unique = [...new Set(texts)].filter((text) => text !== "");
  const vectors = new Map<string, Float32Array>();
  for (let at = 0; at < unique.length; at += BATCH) {
    const batch = unique.slice(at, at + BATCH);
    const found = await embed(batch);
    batch.forEach((text, i) => {
      const vector = found[i];
      if (vector !== undefined) vectors.set(text, vector);
    });
    await pace.rest("vectors", at + batch.length, unique.length);
  }
  return vectors;
}

function localMix(
  text: string,
  vectors: ReadonlyMap<string, Float32Array>,
  { oldTokenizer, input, temperature = 0.3 }: TokenAdaptOptions,
): Mix | undefined {
  const whole = vectors.get(text);
  if (whole === undefined) return undefined;
  const length = [...text].length;
  const ids: number[] = [];
  const similarities: number[] = [];
  const lengths: number[] = [];
  for (const id of oldTokenizer.encode(text, { addSpecialTokens: false })) {
    const part = oldTokenizer.decode([id]);
    const vector = vectors.get(part);
    if (vector === undefined || id >= input.rows) continue;
    ids.push(id);
    similarities.push(cosine(whole, vector));
    lengths.push([...part].length / length);
  }
  if (ids.length === 0) return undefined;
  const first = softmax(similarities);
  const mean = lengths.map((share, i) => (first[i]! + share) / 2);
  return { ids, weights: softmax(mean.map((value) => value / (temperature + LEAST_TEMPERATURE))) };
}

/** The old tokens nearest to a text, with their weights. */
function neighbourFinder(
  oldTexts: readonly string[],
  vectors: ReadonlyMap<string, Float32Array>,
  { temperature = 0.3, topK = 3, threshold = 0 }: TokenAdaptOptions,
): (text: string) => Mix | undefined {
  const ids = Uint32Array.from(oldTexts.keys()).filter((id) => vectors.has(oldTexts[id]!));
  const units = Array.from(ids, (id) => unit(vectors.get(oldTexts[id]!)!));
  const similarities = new Float32Array(ids.length);
  return (text) => {
    const vector = vectors.get(text);
    if (vector === undefined) return undefined;
    const query = unit(vector);
    for (let i = 0; i < units.length; i++) similarities[i] = dot(query, units[i]!);
    const best = greatest(similarities, Math.min(topK, ids.length));
    const scaled = Array.from(best, (i) => similarities[i]! / (temperature + LEAST_TEMPERATURE));
    const kept = softmax(scaled).map((weight, i) =>
      similarities[best[i]!]! >= threshold ? weight : 0,
    );
    const sum = kept.reduce((a, b) => a + b, 0);
    if (sum === 0) return undefined;
    return { ids: best.map((i) => ids[i]!), weights: kept.map((weight) => weight / sum) };
  };
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector));
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

/** Both by their share, or the one that there is. */
function shares(local: Mix | undefined, global: Mix | undefined, globalWeight: number): Mix[] {
  if (local === undefined || global === undefined)
    return [local ?? global].filter((mix) => mix !== undefined);
  const scaled = ({ ids, weights }: Mix, share: number): Mix => ({
    ids,
    weights: Array.from(weights, (weight) => weight * share),
  });
  return [scaled(local, 1 - globalWeight), scaled(global, globalWeight)];
}

/** The old tokens of the bytes of a token that is no text by itself. */
function byteMix(
  newTokenizer: Tokenizer,
  id: number,
  { oldTokenizer }: TokenAdaptOptions,
): Mix | undefined {
  if (!oldTokenizer.isByteLevel || !newTokenizer.isByteLevel) return undefined;
  const ids = oldTokenizer.encodePiece(newTokenizer.decodeBytes([id]));
  return ids.length === 0
    ? undefined
    : { ids, weights: new Float64Array(ids.length).fill(1 / ids.length) };
}

function setMixed(row: Float32Array, from: Matrix, mixes: readonly Mix[]): void {
  const sum = new Float64Array(row.length);
  for (const { ids, weights } of mixes) addRows(sum, from, ids, weights);
  row.set(sum);
}
