/**
 * Walks over runs of characters.
 *
 * Shapes   a place and the end of the text  ->  the place behind the run; `reached` is where it stopped
 * Errors   none: reads up to 16 bytes behind the end of the text
 */
import { classAt, classBefore, isIn, LINE, reach, SPACES, width } from "./characters";

/** Characters whose class is in `mask`. */
// @ts-ignore: decorator
@inline
export function run(from: usize, end: usize, mask: u32): usize {
  let at = from;
  while (at < end && isIn(mask, classAt(at))) at += width;
  reach(at);
  return at;
}

/** ASCII letters from `first` on, 16 at a time; `fold` 0x20: capitals too. */
// @ts-ignore: decorator
@inline
export function asciiRun(from: usize, end: usize, fold: u8): usize {
  let at = from;
  while (at < end) {
    const folded = v128.or(v128.load(at), i8x16.splat(fold));
    const isLetter = i8x16.lt_u(i8x16.sub(folded, i8x16.splat(97)), i8x16.splat(26));
    const count: usize = ctz(~i8x16.bitmask(isLetter));
    at += count;
    if (count < 16) break;
  }
  return min(at, end);
}

/** Letters, by a `mask` that has all of them. */
// @ts-ignore: decorator
@inline
export function letterRun(from: usize, end: usize, mask: u32): usize {
  return run(asciiRun(from, end, 0x20), end, mask);
}

/** At most `most` characters of class `wanted`; 0: as many as there are. */
export function few(from: usize, end: usize, wanted: u32, most: u32): usize {
  let at = from;
  for (let count: u32 = 0; at < end && (most == 0 || count < most); count++) {
    if (classAt(at) != wanted) break;
    at += width;
  }
  reach(at);
  return at;
}

/** `[\r\n]*`, with `slashes` `[\r\n/]*`. */
// @ts-ignore: decorator
@inline
export function lineEnds(from: usize, end: usize, slashes: bool): usize {
  let at = from;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte != 10 && byte != 13 && !(slashes && byte == 47)) break;
    at++;
  }
  reach(at);
  return at;
}

let wholeTail: bool = false;

/** Whether the whitespace at the end of a text is one piece, line ends or not. */
export function keepTail(is: bool): void {
  wholeTail = is;
}

/**
 * `\s*[\r\n]+|\s+(?!\S)|\s+` at whitespace; without `lines` only the last two. Characters of `stop` count as the end.
 */
export function whitespace(start: usize, end: usize, lines: bool, stop: u32): usize {
  let at = start;
  let last = start;
  let line: usize = 0;
  let found = classAt(at);
  while (isIn(SPACES, found)) {
    last = at;
    at += width;
    if (found == LINE) line = at;
    found = classBefore(at, end);
  }
  reach(at);
  if (wholeTail && at >= end) return at;
  if (lines && line != 0) return line;
  if (at >= end || last == start || isIn(stop, found)) return at;
  return last;
}

/** End of a contraction at `from`, `from` where there is none. U+017F counts as a small s where case does not. */
export function contraction(from: usize, end: usize, anyCase: bool): usize {
  if (from + 1 >= end || load<u8>(from) != 39) return from;
  const fold: u32 = anyCase ? 0x20 : 0;
  const first = (<u32>load<u8>(from, 1)) | fold;
  if (first == 115 || first == 116 || first == 109 || first == 100) return from + 2;
  if (from + 2 >= end) return from;
  const second: u32 = load<u8>(from, 2);
  if (anyCase && load<u8>(from, 1) == 0xc5 && second == 0xbf) return from + 3;
  const folded = second | fold;
  const isTwo =
    ((first == 114 || first == 118) && folded == 101) || (first == 108 && folded == 108);
  return isTwo ? from + 3 : from;
}
