/**
 * Encodes pieces by the most probable segmentation under a unigram model.
 *
 * Paper    Kudo, arXiv:1804.10959
 * Cost     O(n + matches) for n units; 16 bytes of scratch a unit, kept up to KEPT_LENGTH units
 * State    scratch; one call at a time
 * Differs  of equal scores the earlier start wins, as in Hugging Face tokenizers and in SentencePiece
 * Errors   those of `unknownRun`
 */
import type { AlignedText } from "../text/aligned.js";
import { Automaton } from "./automaton.js";
import type { Model } from "./bpe.js";
import type { TokenSink } from "./sink.js";

export interface UnigramParts {
  /** By id. */
  readonly tokens: Iterable<string>;
  readonly scores: Float64Array;
  /** -1: none. */
  readonly unknown: number;
  /** Adds to the scores what an unknown character counts. */
  readonly unknownScore: number;
  /** Scores of paths are kept in 32 bits, as SentencePiece does. */
  readonly singlePrecision: boolean;
  /** Gives ids for characters that the vocabulary lacks, side by side. */
  unknownRun(aligned: AlignedText, start: number, end: number, sink: TokenSink): void;
}

/** Units of scratch kept between calls. */
const KEPT_LENGTH = 1 << 16;
/** How much less probable an unknown character is than the least probable token. */
export const UNKNOWN_PENALTY = 10;

export function unigram(parts: UnigramParts): Model {
  const { scores, unknown, unknownScore, singlePrecision } = parts;
  const automaton = new Automaton(parts.tokens);
  // Of the best path to each unit: its score, where its last token starts (-1: no path), and that token.
  let best = new Float64Array(1024);
  let from = new Int32Array(1024);
  let token = new Int32Array(1024);

  function offer(start: number, end: number, id: number, sum: number): void {
    const score = singlePrecision ? Math.fround(sum) : sum;
    if (from[end] !== -1 && score <= best[end]!) return;
    best[end] = score;
    from[end] = start;
    token[end] = id;
  }

  /** Fills the scratch for the units `start` up to `end`; position p stands at p - start. */
  function search(text: string, start: number, end: number): void {
    const length = end - start;
    if (length >= best.length || best.length > KEPT_LENGTH) {
      const size = Math.max(KEPT_LENGTH, length + 1);
      if (size !== best.length) {
        best = new Float64Array(size);
        from = new Int32Array(size);
        token = new Int32Array(size);
      }
    }
    from.fill(-1, 0, length + 1);
    best[0] = 0;
    from[0] = 0;
    let node = 0;
    for (let at = 0; at < length; ) {
      const code = text.codePointAt(start + at)!;
      const width = code > 0xffff ? 2 : 1;
      node = automaton.step(node, text.charCodeAt(start + at));
      if (width === 2) node = automaton.step(node, text.charCodeAt(start + at + 1));
      const next = at + width;
      let single = false;
      let match = automaton.token[node]! >= 0 ? node : automaton.shorter[node]!;
      for (; match >= 0; match = automaton.shorter[match]!) {
        const first = next - automaton.depth[match]!;
        const id = automaton.token[match]!;
        offer(first, next, id, best[first]! + scores[id]!);
        single ||= first === at;
      }
      if (!single) offer(at, next, unknown, best[at]! + unknownScore);
      at = next;
    }
  }

  return {
    origin: { kind: "unigram", parts },
    encode(aligned, start, end, sink) {
      search(aligned.text, start, end);
      emitPath(parts, aligned, start, end, from, token, sink);
    },
  };
}

/**
 * Gives the ids of a path through the units `start` up to `end`: by where a token ends, counted from `start`, `from` has
 * where it starts and `token` its id. Takes `from` over.
 */
export function emitPath(
  { unknown, unknownRun }: UnigramParts,
  aligned: AlignedText,
  start: number,
  end: number,
  from: Int32Array,
  token: Int32Array,
  sink: TokenSink,
): void {
  // `from` turns from "where this token starts" to "where the next one ends", back to front.
  let after = end - start;
  let next = after;
  for (let at = after; at > 0; at = next) {
    next = from[at]!;
    from[at] = after;
    after = at;
  }
  from[0] = after;
  for (let at = 0; at < end - start; ) {
    let to = from[at]!;
    const id = token[to]!;
    if (id !== unknown) sink.addFrom(id, aligned, start + at, start + to);
    else {
      while (to < end - start && token[from[to]!] === unknown) to = from[to]!;
      unknownRun(aligned, start + at, start + to, sink);
    }
    at = to;
  }
}
