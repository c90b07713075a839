/**
 * Splits a text at the matches of a pattern, with the five behaviors of Hugging Face tokenizers.
 *
 * On `a--b-c` with `-`: Removed a b c; Isolated a - - b - c; MergedWithPrevious a- - b- c; MergedWithNext a - -b -c;
 * Contiguous a -- b - c. With `invert` what lies between the matches counts as the match.
 *
 * Cost     what the matcher needs
 */
import type { Matcher } from "../regex/matcher.js";
import { Spans } from "./spans.js";

export const BEHAVIORS = [
  "Removed",
  "Isolated",
  "MergedWithPrevious",
  "MergedWithNext",
  "Contiguous",
] as const;
export type Behavior = (typeof BEHAVIORS)[number];

/** Splits units `start` up to `end` of `text` and adds the parts to `out`. */
export type Splitter = (text: string, start: number, end: number, out: Pick<Spans, "add">) => void;

export function splitter(matcher: Matcher, behavior: Behavior, invert: boolean): Splitter {
  const matches = new Spans();
  return (text, start, end, out) => {
    const part = start === 0 && end === text.length ? text : text.slice(start, end);
    if (behavior === "Isolated") {
      let done = start;
      matcher.each(part, (from, to) => {
        out.add(done, start + from);
        out.add(start + from, start + to);
        done = start + to;
      });
      out.add(done, end);
      return;
    }
    matches.clear();
    matcher.each(part, (from, to) => matches.add(start + from, start + to));
    arrange(matches, behavior, invert, start, end, out);
  };
}

/** Joins the matches and what lies between them by the behavior. */
function arrange(
  matches: Spans,
  behavior: Behavior,
  invert: boolean,
  start: number,
  end: number,
  out: Pick<Spans, "add">,
): void {
  // The part that waits to be joined with later ones: [from, to), and whether its last piece is a match.
  let from = start;
  let to = start;
  let wasMatch = false;
  const piece = (pieceStart: number, pieceEnd: number, isMatch: boolean): void => {
    if (pieceStart >= pieceEnd) return;
    const joins =
      behavior === "Contiguous"
        ? isMatch === wasMatch
        : behavior === "MergedWithPrevious"
          ? isMatch && !wasMatch
          : behavior === "MergedWithNext" && wasMatch && !isMatch;
    if (!joins || from === to) {
      out.add(from, to);
      from = pieceStart;
    }
    to = pieceEnd;
    if (behavior === "Removed" && isMatch) from = to;
    wasMatch = isMatch;
  };
  let done = start;
  for (let i = 0; i < matches.length; i += 2) {
    piece(done, matches.values[i]!, invert);
    piece(matches.values[i]!, matches.values[i + 1]!, !invert);
    done = matches.values[i + 1]!;
  }
  piece(done, end, invert);
  out.add(from, to);
}
