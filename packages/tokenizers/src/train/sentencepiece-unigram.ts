/**
 * Learns the pieces of a SentencePiece model of type Unigram.
 *
 * Paper    Kudo, arXiv:1804.10959; Kudo and Richardson, arXiv:1808.06226
 * Cost     see unigram-seeds.ts, unigram-em.ts, unigram-prune.ts
 * Errors   the signal's reason
 */
import { byCodePoint } from "../text/code-points.js";
import type { Pace } from "./pace.js";
import type { ScoredPieces } from "./sentencepiece.js";
import type { SentencePieceCorpus } from "./sentencepiece-corpus.js";
import type { SentencePieceSpec } from "./sentencepiece-options.js";
import { RARE } from "./sentencepiece-rules.js";
import { fitUnigram } from "./unigram-em.js";
import { reachable } from "./unigram-prune.js";
import { unigramSeeds } from "./unigram-seeds.js";

/** What keeps two characters without a piece of their own from the same score. */
const PENALTY = 0.0001;

export async function sentencePieceUnigram(
  { entries, required }: SentencePieceCorpus,
  words: ReadonlyMap<string, number>,
  spec: SentencePieceSpec,
  room: number,
  isPiece: (codes: ArrayLike<number>, start: number, end: number) => boolean,
  pace: Pace,
): Promise<ScoredPieces> {
  const seeds = await unigramSeeds(
    entries,
    {
      flavor: "sentencepiece",
      maxPieceLength: spec.maxPieceLength,
      substringLimit: () => spec.seedSize,
      isCharacter: (character) => character !== RARE,
      isPiece,
    },
    pace,
  );
  const factor = Math.fround(spec.shrinkingFactor);
  const fit = await fitUnigram(
    { texts: [...words.keys()], counts: [...words.values()] },
    seeds,
    {
      subIterations: spec.subIterations,
      desiredSize: Math.floor(spec.vocabularySize * 1.1),
      keptSize: (size) => Math.trunc(Math.fround(factor * size)),
      prune: "sentencepiece",
      fitsLast: false,
      unknownPiece: false,
    },
    pace,
  );
  const ids = await reachable(fit, false, pace);
  return chosen(
    ids.map((id) => fit.pieces[id]!),
    ids.map((id) => fit.scores[id]!),
    required,
    room,
  );
}

/** All characters, then the most probable pieces. */
function chosen(
  pieces: readonly string[],
  scores: readonly number[],
  required: readonly (readonly [string, number])[],
  room: number,
): [string, number][] {
  const known = new Map(pieces.map((piece, i) => [piece, Math.fround(scores[i]!)]));
  const least = scores.reduce((a, b) => Math.min(a, Math.fround(b)), Infinity);
  let missing = 0;
  const kept = new Map<string, number>();
  for (const [character] of required)
    kept.set(character, known.get(character) ?? least + PENALTY * missing++);
  const order = (a: [string, number], b: [string, number]): number =>
    b[1] - a[1] || byCodePoint(a[0], b[0]);
  for (const [piece, score] of [...known].sort(order)) {
    if (kept.size >= room) break;
    if (!kept.has(piece)) kept.set(piece, score);
  }
  return [...kept].sort(order);
}
