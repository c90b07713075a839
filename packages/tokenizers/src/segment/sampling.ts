/**
 * Encodes by segmentations drawn at random, the probable ones more often.
 *
 * Paper    Kudo, arXiv:1804.10959
 * Units    `alpha` scales log probabilities: 0 draws all alike, 1 as the model has it, more comes closer to the best one
 * Needs    a tokenizer with a Unigram model
 * Cost     O(n + matches) for n units, with one exponential a match; one number a token, or one a piece with `count`
 * Differs  each piece of the pre-tokenizer is drawn by itself; a SentencePiece model has one piece a text
 * Errors   ArgumentError: alpha below 0, a count that is none, no random source; CapabilityError: another model
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { Automaton } from "../models/automaton.js";
import type { Model } from "../models/bpe.js";
import { Lattice } from "../models/lattice.js";
import { nBestPaths } from "../models/n-best.js";
import { emitPath } from "../models/unigram.js";
import type { Tokenizer } from "../types.js";
import { randomSource, unigramParts, withModel } from "./models.js";
import { checkCount } from "./n-best.js";

export interface SamplingOptions {
  readonly alpha: number;
  /** Draw among so many of the best only. Default: among all. */
  readonly count?: number;
  /** Gives numbers in [0, 1), evenly. */
  readonly random: () => number;
}

/** A tokenizer whose every encoding is drawn anew. */
export function withSampling(
  tokenizer: Tokenizer,
  { alpha, count, random }: SamplingOptions,
): Tokenizer {
  if (!(alpha >= 0 && Number.isFinite(alpha)))
    throw new ArgumentError("withSampling", "alpha", "a number from 0 up", alpha);
  if (count !== undefined) checkCount(count, "withSampling", "count");
  const draw = randomSource(random, "withSampling");
  const parts = unigramParts(tokenizer, "withSampling");
  const automaton = new Automaton(parts.tokens);
  const lattice = new Lattice();
  const model: Model = {
    origin: { kind: "unigram", parts },
    encode(aligned, start, end, sink) {
      lattice.clear();
      lattice.append(automaton, parts, aligned.text, start, end);
      const from = new Int32Array(end - start + 1);
      const token = new Int32Array(end - start + 1);
      const edges =
        count === undefined
          ? sampledPath(lattice, alpha, draw)
          : oneOfBest(lattice, alpha, count, parts.singlePrecision, draw);
      let to = lattice.length;
      for (let i = edges.length - 1; i >= 0; i--) {
        token[to] = lattice.id[edges[i]!]!;
        from[to] = lattice.start[edges[i]!]!;
        to = from[to]!;
      }
      emitPath(parts, aligned, start, end, from, token, sink);
    },
  };
  return withModel(tokenizer, model, "withSampling");
}

/** Draws from the back: each edge in proportion to the weight of all paths to it. */
function sampledPath(lattice: Lattice, alpha: number, random: () => number): number[] {
  lattice.sum(alpha);
  const edges: number[] = [];
  for (let end = lattice.length; end > 0; end = lattice.start[edges.at(-1)!]!) {
    let left = random();
    let edge = lattice.first[end]!;
    for (const last = lattice.first[end + 1]! - 1; edge < last; edge++) {
      left -= lattice.shares[edge]!;
      if (left < 0) break;
    }
    edges.push(edge);
  }
  return edges.reverse();
}

function oneOfBest(
  lattice: Lattice,
  alpha: number,
  count: number,
  singlePrecision: boolean,
  random: () => number,
): ArrayLike<number> {
  const paths = nBestPaths(lattice, count, singlePrecision);
  if (paths.length === 1) return paths[0]!.edges;
  const weights = paths.map(({ score }) => Math.exp(alpha * (score - paths[0]!.score)));
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  let chosen = 0;
  for (; chosen < paths.length - 1; chosen++) {
    left -= weights[chosen]!;
    if (left < 0) break;
  }
  return paths[chosen]!.edges;
}
