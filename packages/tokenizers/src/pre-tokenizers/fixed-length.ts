/**
 * Splits into parts of a fixed number of characters.
 *
 * Cost     one pass
 */
import type { Splitter } from "./split.js";

export const fixedLength =
  (length: number): Splitter =>
  (text, start, end, out) => {
    let count = 0;
    let from = start;
    for (let at = start; at < end; ) {
      if (count === length) {
        out.add(from, at);
        from = at;
        count = 0;
      }
      at += text.codePointAt(at)! > 0xffff ? 2 : 1;
      count++;
    }
    out.add(from, end);
  };
