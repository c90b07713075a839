/**
 * The pieces that Unigram training begins with: every character, and the substrings that cover most of the text.
 *
 * Paper    Kudo, arXiv:1804.10959
 * Shapes   entries  ->  pieces with the logarithm of their share of all scores: a character's is its count, a substring's
 *          its count times its length
 * Cost     that of repeated-substrings.ts, and O(s log s) for s substrings
 * Errors   the signal's reason
 */
import { byCodePoint } from "../text/code-points.js";
import type { Pace } from "./pace.js";
import { repeatedSubstrings } from "./repeated-substrings.js";

export interface SeedEntry {
  readonly text: string;
  /** What comes behind it in the corpus, where that is not its end. */
  readonly next?: string;
  readonly count: number;
}

export interface SeedRules {
  readonly maxPieceLength: number;
  /** Substrings at most. */
  readonly substringLimit: (characterCount: number) => number;
  /** An entry's substrings occur as often as it does; otherwise once. */
  readonly weighted: boolean;
  /** Of equal scores the greater text goes first, otherwise the one that the suffix tree gives first. */
  readonly greaterFirst: boolean;
  readonly isCharacter: (character: string) => boolean;
  readonly isPiece: (codes: Int32Array, start: number, end: number) => boolean;
}

export interface Seeds {
  readonly pieces: string[];
  readonly scores: Float64Array;
}

const BOUNDARY = 0;

export async function unigramSeeds(
  entries: readonly SeedEntry[],
  rules: SeedRules,
  pace: Pace,
): Promise<Seeds> {
  const characters = countedCharacters(entries, rules);
  const { codes, entryOf } = flattened(entries);
  const substrings = await repeatedSubstrings(
    codes,
    rules.maxPieceLength,
    rules.weighted ? (place) => entries[entryOf[place]!]!.count : () => 1,
    (place, length) => {
      for (let at = place; at < place + length; at++) if (codes[at] === BOUNDARY) return false;
      return rules.isPiece(codes, place, place + length);
    },
    pace,
  );
  const { places, lengths, counts } = substrings;
  const textOf = (at: number): string =>
    String.fromCodePoint(...codes.subarray(places[at]!, places[at]! + lengths[at]!));
  const order = Array.from({ length: substrings.length }, (_, at) => at);
  order.sort((a, b) => {
    const difference = counts[b]! * lengths[b]! - counts[a]! * lengths[a]!;
    if (difference !== 0) return difference;
    return rules.greaterFirst ? byCodePoint(textOf(b), textOf(a)) : a - b;
  });
  const chosen = order.slice(0, rules.substringLimit(characters.length));
  const pieces = [...characters.map(([character]) => character), ...chosen.map(textOf)];
  const weights = [
    ...characters.map(([, count]) => count),
    ...chosen.map((at) => counts[at]! * lengths[at]!),
  ];
  const total = Math.log(weights.reduce((sum, weight) => sum + weight, 0));
  return { pieces, scores: Float64Array.from(weights, (weight) => Math.log(weight) - total) };
}

function countedCharacters(
  entries: readonly SeedEntry[],
  { isCharacter, greaterFirst }: SeedRules,
): [string, number][] {
  const counts = new Map<string, number>();
  for (const { text, count } of entries)
    for (const character of text)
      if (isCharacter(character)) counts.set(character, (counts.get(character) ?? 0) + count);
  const sign = greaterFirst ? -1 : 1;
  return [...counts].sort((a, b) => b[1] - a[1] || sign * byCodePoint(a[0], b[0]));
}

/** All entries with a boundary behind each; what comes next in the corpus stands between. */
function flattened(entries: readonly SeedEntry[]) {
  let length = 0;
  for (const { text, next } of entries) length += text.length + (next === undefined ? 1 : 2);
  const codes = new Int32Array(length);
  const entryOf = new Int32Array(length);
  let at = 0;
  entries.forEach(({ text, next }, entry) => {
    const from = at;
    for (const character of text) codes[at++] = character.codePointAt(0)!;
    if (next !== undefined) codes[at++] = next.codePointAt(0)!;
    codes[at++] = BOUNDARY;
    entryOf.fill(entry, from, at);
  });
  return { codes: codes.subarray(0, at), entryOf };
}
