/**
 * Chooses the pieces of a Unigram vocabulary to keep: those without which the words would become least probable.
 *
 * Paper    Kudo, arXiv:1804.10959; the estimate of SentencePiece: all that a piece covers falls to the second best
 *          segmentation of the piece itself
 * Units    losses are natural logarithms for one word
 * Cost     O(matches of all different words and of all pieces), O(p log p) for p pieces
 * Differs  SentencePiece drops a piece that no word uses, or that is better split, always; Hugging Face keeps one that words
 *          use though it is better split, and one that no word uses but nothing else can stand for; and it reckons as if
 *          every piece of the vocabulary took the place of the one, which makes long segmentations costlier
 * Errors   the signal's reason
 */
import { Lattice } from "../models/lattice.js";
import type { Pace } from "./pace.js";
import { edgeParts, type Fit, type FitOptions, type FitWords } from "./unigram-fit.js";

const STEPS_A_UNIT = 16;

/** Ids of the pieces to keep, in the order that they take. */
export async function pruned(
  fit: Fit,
  words: FitWords,
  { prune, keptSize, desiredSize, unknownPiece }: FitOptions,
  pace: Pace,
): Promise<number[]> {
  const size = fit.pieces.length;
  const others = await alternatives(fit, unknownPiece, pace);
  const { used, wordTotal } = await viterbiCounts(fit, words, pace);
  const kept: number[] = unknownPiece ? [0] : [];
  const candidates: { readonly id: number; readonly loss: number }[] = [];
  const usedTotal = used.reduce((sum, count) => sum + count, 0);
  for (let id = unknownPiece ? 1 : 0; id < size; id++) {
    const count = used[id]!;
    const alternative = others[id]!;
    const isSplit = alternative === SPLIT;
    if (prune === "sentencepiece" ? count === 0 || isSplit : count === 0 && isSplit) continue;
    if (isSplit || alternative.length === 0) kept.push(id);
    else if (count > 0)
      candidates.push({
        id,
        loss:
          lossOf(
            count,
            alternative,
            used,
            usedTotal,
            prune === "sentencepiece" ? alternative.length : size,
          ) / wordTotal,
      });
  }
  candidates.sort((a, b) => b.loss - a.loss || a.id - b.id);
  const room = Math.max(desiredSize, keptSize(size)) - kept.length;
  return [...kept, ...candidates.slice(0, Math.max(0, room)).map(({ id }) => id)];
}

/** Ids of the pieces that are not better split: no text is ever cut into the others. */
export async function reachable(fit: Fit, unknownPiece: boolean, pace: Pace): Promise<number[]> {
  const others = await alternatives(fit, unknownPiece, pace);
  return others.flatMap((alternative, id) => (alternative === SPLIT ? [] : [id]));
}

/**
 * How much less probable all words are, where a piece that is used `count` times gives way to other ones, `width` of them by
 * the reckoning of the total.
 */
export function lossOf(
  count: number,
  alternative: ArrayLike<number>,
  used: ArrayLike<number>,
  usedTotal: number,
  width = alternative.length,
): number {
  const own = Math.log(count) - Math.log(usedTotal);
  const total = Math.log(usedTotal + count * (width - 1));
  let other = 0;
  for (let i = 0; i < alternative.length; i++)
    other += Math.log(used[alternative[i]!]! + count) - total;
  return count * (own - other);
}

/** Stands for a piece whose best segmentation is not itself. */
const SPLIT: readonly number[] = [-1];

/** For each piece the ids of its second best segmentation; none for a single character. */
async function alternatives(
  { pieces, scores, automaton }: Fit,
  unknownPiece: boolean,
  pace: Pace,
): Promise<(readonly number[])[]> {
  const lattice = new Lattice();
  const path = new BestPath();
  const parts = edgeParts(scores);
  const found: (readonly number[])[] = unknownPiece ? [[]] : [];
  for (let id = found.length; id < pieces.length; id++) {
    const piece = pieces[id]!;
    if (piece.length === (piece.codePointAt(0)! > 0xffff ? 2 : 1)) {
      found.push([]);
      continue;
    }
    lattice.clear();
    lattice.append(automaton, parts, piece, 0, piece.length);
    const score = path.find(lattice, true);
    const ids: number[] = [];
    if (score <= scores[id]!) path.each(lattice, (other) => ids.unshift(other));
    found.push(score > scores[id]! ? SPLIT : ids);
    if (pace.spend(piece.length * STEPS_A_UNIT))
      await pace.rest(`pruning ${pieces.length} pieces`, id, pieces.length);
  }
  return found;
}

async function viterbiCounts(
  { pieces, scores, automaton }: Fit,
  { texts, counts }: FitWords,
  pace: Pace,
): Promise<{ used: Float64Array; wordTotal: number }> {
  const lattice = new Lattice();
  const path = new BestPath();
  const parts = edgeParts(scores);
  const used = new Float64Array(pieces.length);
  let wordTotal = 0;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    const count = counts[i]!;
    wordTotal += count;
    lattice.clear();
    lattice.append(automaton, parts, text, 0, text.length);
    path.find(lattice, false);
    path.each(lattice, (id) => {
      used[id]! += count;
    });
    if (pace.spend(text.length * STEPS_A_UNIT))
      await pace.rest(`pruning ${pieces.length} pieces`, i, texts.length);
  }
  return { used, wordTotal };
}

/** The best path through a lattice, without the edge from end to end where asked. */
class BestPath {
  #best = new Float64Array(256);
  #edge = new Int32Array(256);

  find(lattice: Lattice, inParts: boolean): number {
    const { length, first, start, score } = lattice;
    if (this.#best.length <= length) {
      this.#best = new Float64Array(length * 2);
      this.#edge = new Int32Array(length * 2);
    }
    const best = this.#best;
    best[0] = 0;
    for (let end = 1; end <= length; end++) {
      best[end] = -Infinity;
      for (let edge = first[end]!; edge < first[end + 1]!; edge++) {
        if (inParts && end === length && start[edge] === 0) continue;
        const sum = best[start[edge]!]! + score[edge]!;
        if (sum <= best[end]!) continue;
        best[end] = sum;
        this.#edge[end] = edge;
      }
    }
    return best[length]!;
  }

  /** The ids of the path, from the back. */
  each({ length, start, id }: Lattice, visit: (id: number) => void): void {
    for (let end = length; end > 0; end = start[this.#edge[end]!]!) visit(id[this.#edge[end]!]!);
  }
}
