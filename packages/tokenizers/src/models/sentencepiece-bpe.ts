/**
 * Merges neighbors whose joined text is a piece, the highest score first.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226 (its model of type BPE)
 * Cost     O(n log n) for n characters
 * State    scratch; one call at a time
 * Differs  user-defined symbols never merge; a piece that is not in use is taken apart again; pieces of one score merge in
 *          the order of their ids (the original's trainer gives no two the same); with dropout, a piece that is not in use
 *          is taken apart as it is without
 */
import type { AlignedText } from "../text/aligned.js";
import type { Model } from "./bpe.js";
import type { Dropout } from "./dropout.js";
import type { Prefixes } from "./prefixes.js";
import { neighborPairs, rankPairs } from "./rank-pairs.js";
import type { TokenSink } from "./sink.js";
import { Symbols } from "./symbols.js";
import type { UnknownRun } from "./unknown-runs.js";

export interface SentencePieceBpeParts {
  /** Pieces that the text may hold: piece to id. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly scores: Float32Array;
  readonly isUnused: (id: number) => boolean;
  readonly userDefined: Prefixes | null;
  readonly unknownRun: UnknownRun;
  /** Null: none. */
  readonly dropout?: Dropout | null;
}

export function sentencePieceBpe(parts: SentencePieceBpeParts): Model {
  const { vocabulary, scores, userDefined, dropout = null } = parts;
  // Characters that occur in pieces and are none get ids behind those of the pieces: they may still merge.
  const first = scores.length;
  const inside = new Map<string, number>();
  for (const piece of vocabulary.keys())
    for (const character of piece)
      if (!vocabulary.has(character) && !inside.has(character))
        inside.set(character, first + inside.size);
  const none = first + inside.size;
  const symbolOf = (character: string): number =>
    vocabulary.get(character) ?? inside.get(character) ?? none;
  const halves = new Map<number, readonly [number, number]>();
  const order = Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const ranks = new Int32Array(first);
  order.forEach((id, rank) => {
    ranks[id] = rank;
  });
  const rankOf = (id: number): number => ranks[id]!;
  const pairs = rankPairs(vocabulary, symbolOf, rankOf, (id, left, right) => {
    if (parts.isUnused(id)) halves.set(id, [left, right]);
  });
  const allPairs = dropout === null ? pairs : neighborPairs(vocabulary, symbolOf, rankOf);
  const symbols = new Symbols();
  const lengths = new Map(Array.from(vocabulary, ([piece, id]) => [id, piece.length]));

  function merged(aligned: AlignedText, start: number, end: number, sink: TokenSink): void {
    symbols.clear();
    for (let at = start; at < end; ) {
      const to = at + (aligned.text.codePointAt(at)! > 0xffff ? 2 : 1);
      symbols.add(symbolOf(aligned.text.slice(at, to)), at, to);
      at = to;
    }
    if (symbols.length === 0) return;
    if (dropout === null) symbols.merge(pairs);
    else symbols.mergeWithDropout(allPairs, dropout);
    let unknownFrom = -1;
    const flush = (to: number): void => {
      if (unknownFrom >= 0) parts.unknownRun(aligned, unknownFrom, to, sink);
      unknownFrom = -1;
    };
    const give = (id: number, from: number, to: number): void => {
      const split = halves.get(id);
      if (split !== undefined) {
        const place = from + (lengths.get(split[0]) ?? 1);
        give(split[0], from, place);
        give(split[1], place, to);
      } else if (id >= first) {
        if (unknownFrom < 0) unknownFrom = from;
      } else {
        flush(from);
        sink.addFrom(id, aligned, from, to);
      }
    };
    for (let i = 0; i !== -1; i = symbols.next[i]!)
      give(symbols.id[i]!, symbols.from[i]!, symbols.to[i]!);
    flush(end);
  }

  return {
    origin: { kind: "sentencepiece-bpe", parts },
    encode(aligned, start, end, sink) {
      let from = start;
      for (let at = start; userDefined !== null && at < end; ) {
        const width = userDefined.match(aligned.text, at);
        if (width === 0) {
          at += aligned.text.codePointAt(at)! > 0xffff ? 2 : 1;
          continue;
        }
        merged(aligned, from, at, sink);
        sink.addFrom(vocabulary.get(aligned.text.slice(at, at + width))!, aligned, at, at + width);
        at += width;
        from = at;
      }
      merged(aligned, from, end, sink);
    },
  };
}
