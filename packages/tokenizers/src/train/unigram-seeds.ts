/**
 * The pieces that Unigram training begins with: every character, and the substrings that cover most of the text.
 *
 * Paper    Kudo, arXiv:1804.10959
 * Shapes   entries  ->  pieces with the logarithm of their share of all scores: a character's is its count, a substring's
 *          its count times its length
 * Cost     that of repeated-substrings.ts, and O(s log s) for s substrings
 * Differs  two alphabets, as the two programs have it: SentencePiece looks for substrings of the UTF-8 bytes, and so for
 *          those that go on with bytes that differ, takes the longer bytes first of equal scores, and counts each entry as
 *          often as it occurs; Hugging Face looks at characters, takes the greater text first, and counts an entry once
 * Errors   the signal's reason
 */
import { byCodePoint } from "../text/code-points.js";
import type { Pace } from "./pace.js";
import { repeatedSubstrings } from "./repeated-substrings.js";
import { alphabetOfBytes, alphabetOfCharacters, type SeedAlphabet } from "./seed-alphabets.js";

export interface SeedEntry {
  readonly text: string;
  /** What comes behind it in the corpus, where that is not its end. */
  readonly next?: string;
  readonly count: number;
}

export interface SeedRules {
  readonly flavor: "sentencepiece" | "hugging-face";
  readonly maxPieceLength: number;
  /** Substrings at most. */
  readonly substringLimit: (characterCount: number) => number;
  readonly isCharacter: (character: string) => boolean;
  /** Of code points, at most `maxPieceLength`. */
  readonly isPiece: (codes: ArrayLike<number>, start: number, end: number) => boolean;
}

export interface Seeds {
  readonly pieces: string[];
  readonly scores: Float64Array;
}

export async function unigramSeeds(
  entries: readonly SeedEntry[],
  rules: SeedRules,
  pace: Pace,
): Promise<Seeds> {
  const isBytes = rules.flavor === "sentencepiece";
  const characters = countedCharacters(entries, rules);
  const alphabet = (isBytes ? alphabetOfBytes : alphabetOfCharacters)(
    entries,
    rules.maxPieceLength,
  );
  const substrings = await repeatedSubstrings(
    alphabet.symbols,
    alphabet.maxLength,
    isBytes ? (place) => entries[alphabet.entryOf[place]!]!.count : () => 1,
    (place, length) => {
      const end = alphabet.read(place, length);
      return end > 1 && end <= rules.maxPieceLength && rules.isPiece(alphabet.codes, 0, end);
    },
    pace,
  );
  const { places, lengths, counts } = substrings;
  const weights = Float64Array.from(
    { length: substrings.length },
    (_, at) => counts[at]! * alphabet.read(places[at]!, lengths[at]!),
  );
  const textOf = (at: number): string => read(alphabet, places[at]!, lengths[at]!);
  const order = Array.from(weights.keys()).sort((a, b) => {
    const difference = weights[b]! - weights[a]!;
    if (difference !== 0) return difference;
    return isBytes ? lengths[b]! - lengths[a]! || a - b : byCodePoint(textOf(b), textOf(a));
  });
  const chosen = order.slice(0, rules.substringLimit(characters.length));
  const pieces = [...characters.map(([character]) => character), ...chosen.map(textOf)];
  const scores = Float64Array.of(
    ...characters.map(([, count]) => count),
    ...chosen.map((at) => weights[at]!),
  );
  const total = Math.log(scores.reduce((sum, score) => sum + score, 0));
  return { pieces, scores: scores.map((score) => Math.log(score) - total) };
}

function read(alphabet: SeedAlphabet, place: number, length: number): string {
  return String.fromCodePoint(...alphabet.codes.subarray(0, alphabet.read(place, length)));
}

function countedCharacters(
  entries: readonly SeedEntry[],
  { isCharacter, flavor }: SeedRules,
): [string, number][] {
  const counts = new Map<string, number>();
  for (const { text, count } of entries)
    for (const character of text)
      if (isCharacter(character)) counts.set(character, (counts.get(character) ?? 0) + count);
  const sign = flavor === "sentencepiece" ? 1 : -1;
  return [...counts].sort((a, b) => b[1] - a[1] || sign * byCodePoint(a[0], b[0]));
}
