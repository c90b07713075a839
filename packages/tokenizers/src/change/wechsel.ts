/**
 * Rows for the vocabulary of another language: means of the source tokens that are nearest in a space of words.
 *
 * Paper    WECHSEL: Minixhofer et al., arXiv:2112.06598
 * Shapes   source rows [V_s, D]; word vectors [words, E] of both languages  ->  rows [V_t, D]
 * Cost     O(V_t V_s E)
 * Differs  rows of tokens without a vector are drawn from the caller's random source; a token gets its vector from the
 *          words that hold it (a word with and without a space before it, so twice for a token that is in both), or from
 *          a function where the word model knows parts of words
 * Errors   ShapeError for matrices that do not fit; ArgumentError for options out of range, vectors of two widths, a
 *          dictionary of which no pair is known; the signal's reason
 */
import { ArgumentError, ShapeError } from "@frugal/tensor/errors";
import { type JobOptions, Pace } from "../train/pace.js";
import type { Tokenizer } from "../types.js";
import {
  addRows,
  checkMatrix,
  dot,
  greatest,
  type Matrix,
  normal,
  rowOf,
  softmax,
  zeros,
} from "./matrix.js";
import { procrustes } from "./procrustes.js";

/** Words by how often they occur, a vector each. */
export interface WordVectors {
  readonly words: readonly (readonly [word: string, count: number])[];
  /** [words, E] */
  readonly vectors: Matrix;
}

/** A word model that knows parts of words: undefined, or zeros, for what it has no vector of. */
export type SubwordVectors = {
  readonly columns: number;
  readonly vectorOf: (text: string) => ArrayLike<number> | undefined;
};

export interface WechselOptions extends JobOptions {
  readonly matrix: Matrix;
  readonly sourceTokenizer: Tokenizer;
  readonly targetTokenizer: Tokenizer;
  readonly sourceWords: WordVectors | SubwordVectors;
  readonly targetWords: WordVectors | SubwordVectors;
  /** Pairs of words that mean the same; the source vectors are turned by it. Default: they are aligned already. */
  readonly dictionary?: readonly (readonly [source: string, target: string])[];
  /** Default 10. */
  readonly neighbors?: number;
  /** Default 0.1. */
  readonly temperature?: number;
  /** Tokens whose rows are copied by name. Default: the source's special tokens. */
  readonly specialTokens?: readonly string[];
  readonly random: () => number;
}

export interface WechselRows {
  /** [V_t, D] */
  readonly matrix: Matrix;
  /** [V_t]: 0 for a row that was drawn. */
  readonly found: Uint8Array;
  /** [V_s, E] before it is turned, [V_t, E] */
  readonly sourceSubwords: Matrix;
  readonly targetSubwords: Matrix;
  /** [E, E] */
  readonly alignment?: Matrix;
}

export async function wechselInit(options: WechselOptions): Promise<WechselRows> {
  const { matrix, sourceTokenizer, targetTokenizer, sourceWords, targetWords } = options;
  const { dictionary, neighbors = 10, temperature = 0.1 } = options;
  checkOptions(options, neighbors, temperature);
  const pace = new Pace(options);
  const sourceSubwords = subwordVectors(sourceTokenizer, sourceWords);
  const targetSubwords = subwordVectors(targetTokenizer, targetWords);
  const alignment =
    dictionary === undefined ? undefined : aligned(sourceWords, targetWords, dictionary);
  const sources = unitRows(
    alignment === undefined ? sourceSubwords : product(sourceSubwords, alignment),
  );
  const targets = unitRows(targetSubwords);
  const found = new Uint8Array(targets.rows);
  const out = zeros(targets.rows, matrix.columns);
  const fallback = columnLaw(matrix);
  const similarities = new Float64Array(sources.rows);
  for (let id = 0; id < targets.rows; id++) {
    const target = rowOf(targets, id);
    const row = rowOf(out, id);
    if (target.every((value) => value === 0)) {
      row.forEach((_, c) => {
        row[c] = fallback.mean[c]! + fallback.deviation[c]! * normal(options.random);
      });
      continue;
    }
    found[id] = 1;
    for (let s = 0; s < sources.rows; s++) similarities[s] = dot(target, rowOf(sources, s));
    const best = greatest(similarities, Math.min(neighbors, sources.rows));
    const weights = softmax(Array.from(best, (s) => similarities[s]! / temperature));
    const sum = new Float64Array(matrix.columns);
    addRows(sum, matrix, best, weights);
    row.set(sum);
    if (pace.spend(sources.rows * 8)) await pace.rest("rows", id + 1, targets.rows);
  }
  copySpecials(options, out);
  return {
    matrix: out,
    found,
    sourceSubwords,
    targetSubwords,
    ...(alignment === undefined ? {} : { alignment }),
  };
}

function checkOptions(
  { matrix, sourceTokenizer, sourceWords, targetWords }: WechselOptions,
  neighbors: number,
  temperature: number,
): void {
  checkMatrix("wechselInit", matrix);
  if (matrix.rows < sourceTokenizer.vocabularySize)
    throw new ShapeError(
      "wechselInit",
      [sourceTokenizer.vocabularySize, matrix.columns],
      [matrix.rows, matrix.columns],
    );
  for (const words of [sourceWords, targetWords])
    if ("words" in words) checkMatrix("wechselInit", words.vectors, words.words.length);
  if (widthOf(sourceWords) !== widthOf(targetWords))
    throw new ArgumentError(
      "wechselInit",
      "targetWords",
      `vectors of ${widthOf(sourceWords)} numbers, as the source's`,
      widthOf(targetWords),
    );
  if (!(Number.isInteger(neighbors) && neighbors >= 1))
    throw new ArgumentError("wechselInit", "neighbors", "a positive integer", neighbors);
  if (!(temperature > 0 && temperature < Infinity))
    throw new ArgumentError("wechselInit", "temperature", "above 0", temperature);
}

const widthOf = (words: WordVectors | SubwordVectors): number =>
  "words" in words ? words.vectors.columns : words.columns;

/** [V, E]: zeros for a token that no word holds. */
function subwordVectors(tokenizer: Tokenizer, words: WordVectors | SubwordVectors): Matrix {
  const out = zeros(tokenizer.vocabularySize, widthOf(words));
  if (!("words" in words)) {
    for (let id = 0; id < out.rows; id++) {
      if (tokenizer.idToToken(id) === undefined) continue;
      const vector = words.vectorOf(tokenizer.decode([id]).trim());
      if (vector !== undefined) rowOf(out, id).set(vector);
    }
    return out;
  }
  const weights = new Float64Array(out.rows);
  const sums = new Float64Array(out.data.length);
  words.words.forEach(([word, count], place) => {
    const vector = rowOf(words.vectors, place);
    for (const text of [word, ` ${word}`])
      for (const id of new Set(tokenizer.encode(text, { addSpecialTokens: false }))) {
        weights[id]! += count;
        for (let c = 0; c < vector.length; c++) sums[id * vector.length + c]! += count * vector[c]!;
      }
  });
  sums.forEach((sum, i) => {
    const weight = weights[Math.floor(i / out.columns)]!;
    out.data[i] = weight === 0 ? 0 : sum / weight;
  });
  return out;
}

/** The turn of the source's words that the dictionary's pairs ask for. */
function aligned(
  source: WordVectors | SubwordVectors,
  target: WordVectors | SubwordVectors,
  dictionary: readonly (readonly [string, string])[],
): Matrix {
  const sourceOf = lookUp(source);
  const targetOf = lookUp(target);
  const pairs: [ArrayLike<number>, ArrayLike<number>][] = [];
  for (const [a, b] of dictionary)
    for (const from of [a, a.toLowerCase(), titled(a)])
      for (const to of [b, b.toLowerCase(), titled(b)]) {
        const pair = [sourceOf(from), targetOf(to)] as const;
        if (pair[0] !== undefined && pair[1] !== undefined) pairs.push([pair[0], pair[1]]);
      }
  if (pairs.length === 0)
    throw new ArgumentError(
      "wechselInit",
      "dictionary",
      "pairs that both word models know",
      "none",
    );
  const stacked = (side: 0 | 1): Matrix => {
    const out = zeros(pairs.length, widthOf(source));
    pairs.forEach((pair, i) => {
      rowOf(out, i).set(pair[side]);
    });
    return out;
  };
  return procrustes(stacked(0), stacked(1));
}

function lookUp(
  words: WordVectors | SubwordVectors,
): (word: string) => ArrayLike<number> | undefined {
  if (!("words" in words)) return words.vectorOf;
  const places = new Map(words.words.map(([word], place) => [word, place]));
  return (word) => {
    const place = places.get(word);
    return place === undefined ? undefined : rowOf(words.vectors, place);
  };
}

/** Each run of letters with a capital in front. */
const titled = (word: string): string =>
  word.replace(/\p{L}+/gu, (run) => {
    const [first = "", ...rest] = run;
    return first.toUpperCase() + rest.join("").toLowerCase();
  });

function product(a: Matrix, b: Matrix): Matrix {
  const out = zeros(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    const sum = new Float64Array(b.columns);
    addRows(
      sum,
      b,
      Array.from({ length: a.columns }, (_, k) => k),
      rowOf(a, i),
    );
    rowOf(out, i).set(sum);
  }
  return out;
}

function unitRows(matrix: Matrix): Matrix {
  const out = zeros(matrix.rows, matrix.columns);
  for (let i = 0; i < matrix.rows; i++) {
    const row = rowOf(matrix, i);
    const norm = Math.sqrt(dot(row, row));
    if (norm > 0) rowOf(out, i).set(row.map((value) => value / norm));
  }
  return out;
}

/** Mean and deviation of each column. */
function columnLaw({ rows, columns, data }: Matrix): {
  mean: Float64Array;
  deviation: Float64Array;
} {
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  data.forEach((value, i) => {
    mean[i % columns]! += value / rows;
  });
  data.forEach((value, i) => {
    deviation[i % columns]! += (value - mean[i % columns]!) ** 2 / rows;
  });
  return { mean, deviation: deviation.map(Math.sqrt) };
}

function copySpecials(
  { matrix, sourceTokenizer, targetTokenizer, specialTokens }: WechselOptions,
  out: Matrix,
): void {
  const names =
    specialTokens ?? sourceTokenizer.specialIds.all.map((id) => sourceTokenizer.idToToken(id)!);
  for (const name of names) {
    const from = sourceTokenizer.tokenToId(name);
    const to = targetTokenizer.tokenToId(name);
    if (from !== undefined && to !== undefined) rowOf(out, to).set(rowOf(matrix, from));
  }
}
