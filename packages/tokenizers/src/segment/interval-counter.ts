/**
 * Counts the tokens of any part of a text, as if the part were encoded by itself.
 *
 * Paper    after the interval encoding of github/rust-gems (crate bpe)
 * Units    places count UTF-16 units
 * Cost     one encoding of the text at the start; a count: O(log n) and the encoding of the two ends, up to the nearest
 *          places where the text may be cut, about STEP units each; 8 bytes a place
 * Differs  the original keeps a tree of last tokens and knows no pre-tokenizer; here pieces are those of the tokenizer, of
 *          any model. Where a text has no spaces its parts are encoded as a whole
 * Errors   CapabilityError: a tokenizer whose text may not be cut anywhere; ArgumentError: places outside of the text
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Tokenizer } from "../types.js";
import { type AppendableOptions, cutsOf, PLAIN, STEP } from "./appendable.js";

export interface IntervalCounter {
  /** Tokens of `text.slice(start, end)`, without those that the tokenizer adds around a text. */
  count(start: number, end: number): number;
}

export function intervalCounter(
  tokenizer: Tokenizer,
  text: string,
  options: AppendableOptions = {},
): IntervalCounter {
  const cut = cutsOf(tokenizer, "intervalCounter");
  const counted = (start: number, end: number): number =>
    tokenizer.count(text.slice(start, end), { ...options, ...PLAIN });
  const places = cutPlaces(text, cut);
  // sums[i]: tokens before places[i].
  const sums = new Uint32Array(places.length);
  for (let i = 0; i < places.length; i++)
    sums[i] = (sums[i - 1] ?? 0) + counted(places[i - 1] ?? 0, places[i]!);

  /** The number of places at or below `place`. */
  function below(place: number): number {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    count(start, end) {
      checkPlace("start", start, 0, text.length);
      checkPlace("end", end, start, text.length);
      // A cut needs the character before it and the space behind it.
      const first = below(start);
      const last = below(end - 1) - 1;
      if (last < first) return counted(start, end);
      const between = sums[last]! - sums[first]!;
      return counted(start, places[first]!) + between + counted(places[last]!, end);
    },
  };
}

/** The last place of each stretch of STEP units that has one. */
function cutPlaces(text: string, cut: (text: string, from: number) => number): Uint32Array {
  const places: number[] = [];
  for (let start = 0; start < text.length; start += STEP) {
    const from = Math.max(0, start - 2);
    const place = cut(text.slice(from, start + STEP), 0);
    if (place > 0 && from + place > (places.at(-1) ?? 0)) places.push(from + place);
  }
  return Uint32Array.from(places);
}

function checkPlace(name: string, place: number, least: number, most: number): void {
  if (!Number.isInteger(place) || place < least || place > most)
    throw new ArgumentError("intervalCounter", name, `a whole number in ${least}..${most}`, place);
}
