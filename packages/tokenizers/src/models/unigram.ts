/**
 * Encodes pieces by the most probable segmentation under a unigram model.
 *
 * Paper    Kudo, arXiv:1804.10959
 * Cost     O(n + matches) for n units; 16 bytes of scratch a unit, kept up to KEPT_LENGTH units
 * State    scratch; one call at a time
 * Differs  as in Hugging Face tokenizers: of equal scores the earlier start wins; unknown characters side by side are one
 *          token, which falls back to bytes only if the vocabulary has all of them
 * Errors   CapabilityError: a character that the vocabulary lacks, and no unknown token
 */
import { CapabilityError } from "@frugal/tensor/errors";
import type { AlignedText } from "../text/aligned.js";
import { utf8At } from "../text/byte-characters.js";
import { Automaton } from "./automaton.js";
import type { Model } from "./bpe.js";
import type { TokenSink } from "./sink.js";

export interface UnigramParts {
  /** By id. */
  readonly tokens: readonly string[];
  readonly scores: Float64Array;
  readonly vocabulary: ReadonlyMap<string, number>;
  /** -1: none. */
  readonly unknown: number;
  /** The id of `<0xNN>`, -1 where there is none; null: no fallback. */
  readonly byteFallback: Int32Array | null;
}

/** Units of scratch kept between calls. */
const KEPT_LENGTH = 1 << 16;
/** How much less probable an unknown character is than the least probable token. */
const UNKNOWN_PENALTY = 10;

export function unigram(parts: UnigramParts): Model {
  const { scores, vocabulary, unknown, byteFallback } = parts;
  const automaton = new Automaton(parts.tokens);
  let least = Number.POSITIVE_INFINITY;
  for (const score of scores) if (score < least) least = score;
  const unknownScore = least - UNKNOWN_PENALTY;
  const buffer = new Uint8Array(4);
  // Of the best path to each unit: its score, where its last token starts (-1: no path), and that token.
  let best = new Float64Array(1024);
  let from = new Int32Array(1024);
  let token = new Int32Array(1024);

  function offer(start: number, end: number, id: number, score: number): void {
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

  function addUnknown(aligned: AlignedText, start: number, end: number, sink: TokenSink): void {
    if (unknown < 0)
      throw new CapabilityError("encode", ["an unknown token, which this text needs"]);
    const whole = vocabulary.get(aligned.text.slice(start, end));
    if (whole !== undefined || byteFallback === null || !hasBytes(aligned.text, start, end)) {
      sink.addFrom(whole ?? unknown, aligned, start, end);
      return;
    }
    for (let at = start; at < end; ) {
      const count = utf8At(aligned.text, at, end, buffer);
      for (let i = 0; i < count; i++) sink.addFrom(byteFallback[buffer[i]!]!, aligned, start, end);
      at += count === 4 ? 2 : 1;
    }
  }

  function hasBytes(text: string, start: number, end: number): boolean {
    for (let at = start; at < end; ) {
      const count = utf8At(text, at, end, buffer);
      for (let i = 0; i < count; i++) if (byteFallback![buffer[i]!]! < 0) return false;
      at += count === 4 ? 2 : 1;
    }
    return true;
  }

  return {
    encode(aligned, start, end, sink) {
      search(aligned.text, start, end);
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
          addUnknown(aligned, start + at, start + to, sink);
        }
        at = to;
      }
    },
  };
}
