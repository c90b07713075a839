/**
 * Finds the longest of some texts that begins at a place.
 *
 * Cost     O(units of the match) for a look-up
 */
import { Edges } from "./edges.js";

export interface Prefixes {
  /** Units of the longest match at `at`, 0 where there is none. */
  match(text: string, at: number): number;
}

/** Null where there are no texts. */
export function prefixes(texts: Iterable<string>): Prefixes | null {
  const edges = new Edges();
  const ends = [false];
  for (const text of texts) {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      let next = edges.get(node, unit);
      if (next < 0) {
        next = ends.length;
        edges.add(node, unit, next);
        ends.push(false);
      }
      node = next;
    }
    ends[node] = node > 0;
  }
  if (ends.length === 1) return null;
  return {
    match(text, at) {
      let node = 0;
      let longest = 0;
      for (let i = at; i < text.length; i++) {
        node = edges.get(node, text.charCodeAt(i));
        if (node < 0) break;
        if (ends[node]) longest = i + 1 - at;
      }
      return longest;
    },
  };
}
