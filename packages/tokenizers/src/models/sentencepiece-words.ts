/**
 * Looks up characters, or words that a mark begins or ends.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226 (its models of type CHAR and WORD)
 * Cost     O(n) for n units
 */
import { MARK } from "../normalizers/sentencepiece.js";
import type { Splitter } from "../pre-tokenizers/split.js";
import type { Model } from "./bpe.js";
import type { Prefixes } from "./prefixes.js";
import type { UnknownRun } from "./unknown-runs.js";

/** Gives the parts that `split` makes their ids; unknown ones side by side are one run. */
export function lookUp(
  split: Splitter,
  vocabulary: ReadonlyMap<string, number>,
  unknownRun: UnknownRun,
): Model {
  return {
    encode(aligned, start, end, sink) {
      let unknownFrom = -1;
      split(aligned.text, start, end, {
        add(from, to) {
          const id = vocabulary.get(aligned.text.slice(from, to));
          if (id === undefined) {
            if (unknownFrom < 0) unknownFrom = from;
            return;
          }
          if (unknownFrom >= 0) unknownRun(aligned, unknownFrom, from, sink);
          unknownFrom = -1;
          sink.addFrom(id, aligned, from, to);
        },
      });
      if (unknownFrom >= 0) unknownRun(aligned, unknownFrom, end, sink);
    },
  };
}

export const characters =
  (userDefined: Prefixes | null): Splitter =>
  (text, start, end, out) => {
    for (let at = start; at < end; ) {
      const width = userDefined?.match(text, at) || (text.codePointAt(at)! > 0xffff ? 2 : 1);
      out.add(at, at + width);
      at += width;
    }
  };

/** `suffix`: a mark ends a word; `together`: marks side by side are one word. */
export const words =
  (suffix: boolean, together: boolean): Splitter =>
  (text, start, end, out) => {
    let from = start;
    for (let at = start; at < end; at++) {
      if (text[at] !== MARK) continue;
      const cut = suffix ? at + 1 : at;
      const joins = together && text[suffix ? at + 1 : at - 1] === MARK && cut > start && cut < end;
      if (joins) continue;
      if (cut > from) out.add(from, cut);
      from = cut;
    }
    if (end > from) out.add(from, end);
  };
