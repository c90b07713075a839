/**
 * Finds the characters that a vocabulary begins with.
 *
 * Shapes   word counts  ->  characters, ascending by code point
 * Cost     O(characters of all different words)
 * Differs  as in Hugging Face trainers an initial character counts as more frequent than any that is seen, and of a longer
 *          entry its first character is taken; of characters that are equally frequent at the limit those with the smaller
 *          code points stay (there it is left to a hash table)
 * Errors   none: the caller has checked
 */
import { byteCharacters } from "../text/byte-characters.js";
import { byCodePoint } from "../text/code-points.js";
import type { WordCounts } from "./word-counts.js";

export function alphabetOf(
  corpora: Iterable<WordCounts>,
  limit = Infinity,
  initial: Iterable<string> = [],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const words of corpora)
    for (const [word, count] of words)
      for (const character of word) counts.set(character, (counts.get(character) ?? 0) + count);
  for (const entry of initial) for (const first of firstOf(entry)) counts.set(first, Infinity);
  const ordered = [...counts].sort((a, b) => rise(b[1], a[1]) || byCodePoint(a[0], b[0]));
  return ordered
    .slice(0, limit)
    .map(([character]) => character)
    .sort(byCodePoint);
}

const rise = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
const firstOf = (entry: string): readonly string[] => [...entry].slice(0, 1);

/** The 256 characters of the byte alphabet, ascending: what byte-level training must begin with. */
export const byteAlphabet = (): readonly string[] =>
  Array.from(byteCharacters().sort(), (code) => String.fromCharCode(code));
