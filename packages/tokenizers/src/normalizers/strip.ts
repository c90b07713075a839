/**
 * Takes whitespace off the ends of a text.
 *
 * Cost     O(whitespace at the ends); the text is copied
 */
import { isWhitespace } from "../added-tokens.js";
import { type AlignedText, sliced } from "../text/aligned.js";

export function strip(from: AlignedText, left: boolean, right: boolean): AlignedText {
  let start = 0;
  let end = from.text.length;
  if (left) while (start < end && isWhitespace(from.text.charCodeAt(start))) start++;
  if (right) while (end > start && isWhitespace(from.text.charCodeAt(end - 1))) end--;
  return sliced(from, start, end);
}
