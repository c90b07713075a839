/**
 * Gives the most probable segmentations of a text under a Unigram model.
 *
 * Paper    Kudo, arXiv:1804.10959
 * Units    scores are log probabilities, summed over the tokens of the model; added tokens count nothing
 * Needs    a tokenizer with a Unigram model
 * Cost     O(k n) for k segmentations of n tokens, and k encodings
 * Differs  segmentations differ in their cuts; two may have the same ids where characters are unknown. Equal scores come
 *          in the order of SentencePiece. With `parity` the only one of `count` 1 has the score 0, as SentencePiece gives it
 * Errors   ArgumentError: a count that is none or above N_BEST_LIMIT; CapabilityError: another model
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { Automaton } from "../models/automaton.js";
import type { Model } from "../models/bpe.js";
import { Lattice } from "../models/lattice.js";
import { nBestPaths, type Path } from "../models/n-best.js";
import { emitPath, type UnigramParts } from "../models/unigram.js";
import type { EncodeOptions, InputEncoding, Tokenizer } from "../types.js";
import { unigramParts, withModel } from "./models.js";

/** As in SentencePiece. */
export const N_BEST_LIMIT = 1024;

export interface NBestOptions extends EncodeOptions {
  /** Repeat the score of SentencePiece for a single segmentation. Default: false. */
  readonly parity?: boolean;
}

export interface ScoredEncoding extends InputEncoding {
  readonly score: number;
}

/** At most `count` segmentations, the best first; fewer where the text has no more. */
export function nBest(
  tokenizer: Tokenizer,
  text: string,
  count: number,
  options: NBestOptions = {},
): ScoredEncoding[] {
  checkCount(count, "nBest", "count");
  const parts = unigramParts(tokenizer, "nBest");
  const { parity = false, ...encoding } = options;
  const lattice = wholeLattice(tokenizer, parts, text, encoding, "nBest");
  return nBestPaths(lattice, count, parts.singlePrecision).map((path) => ({
    ...withModel(tokenizer, replay(parts, lattice, path), "nBest").encodeInput({ text }, encoding),
    score: parity && count === 1 ? 0 : path.score,
  }));
}

export function checkCount(count: number, where: string, argument: string): void {
  if (!Number.isInteger(count) || count < 1 || count > N_BEST_LIMIT)
    throw new ArgumentError(where, argument, `a whole number in 1..${N_BEST_LIMIT}`, count);
}

/** One lattice over all pieces of the pre-tokenizer, side by side. */
export function wholeLattice(
  tokenizer: Tokenizer,
  parts: UnigramParts,
  text: string,
  options: EncodeOptions,
  where: string,
): Lattice {
  const automaton = new Automaton(parts.tokens);
  const lattice = new Lattice();
  lattice.clear();
  const collect: Model = {
    encode: (piece, start, end) => lattice.append(automaton, parts, piece.text, start, end),
  };
  withModel(tokenizer, collect, where).encodeInput({ text }, options);
  return lattice;
}

/** Gives piece by piece what a path says. */
function replay(parts: UnigramParts, lattice: Lattice, { edges }: Path): Model {
  let next = 0;
  let before = 0;
  return {
    encode(aligned, start, end, sink) {
      const from = new Int32Array(end - start + 1);
      const token = new Int32Array(end - start + 1);
      for (let at = 0; at < end - start; next++) {
        const edge = edges[next]!;
        const to = next + 1 < edges.length ? lattice.start[edges[next + 1]!]! : lattice.length;
        from[to - before] = at;
        token[to - before] = lattice.id[edge]!;
        at = to - before;
      }
      before += end - start;
      emitPath(parts, aligned, start, end, from, token, sink);
    },
  };
}
