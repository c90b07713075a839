/**
 * Reads the lines that SentencePiece trains on: normalized, rare characters and named pieces masked, cut into words.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226 (its trainer)
 * Shapes   lines  ->  entries with counts, the most frequent first, and the characters that get a piece
 * Cost     one pass; memory for the different words, or for the different lines where pieces reach over spaces
 * Differs  lines that are too long or hold U+2585, which the trainer keeps for itself, are left out as in the original, and
 *          counted
 * Errors   ArgumentError: an entry that is no string, no line; the signal's reason
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { prefixes } from "../models/prefixes.js";
import { words } from "../models/sentencepiece-words.js";
import { Charsmap } from "../normalizers/charsmap.js";
import { sentencePieceNormalized } from "../normalizers/sentencepiece.js";
import { unaligned } from "../text/aligned.js";
import { byCodePoint } from "../text/code-points.js";
import type { Pace } from "./pace.js";
import type { MetaPiece, SentencePieceSpec } from "./sentencepiece-options.js";
import { CUT, RARE } from "./sentencepiece-rules.js";
import type { SeedEntry } from "./unigram-seeds.js";
import type { Corpus } from "./word-counts.js";

export interface SkippedLines {
  readonly tooLong: number;
  readonly reserved: number;
}

export interface SentencePieceCorpus {
  /** Words, or whole lines, with what comes behind them. */
  readonly entries: readonly SeedEntry[];
  /** Characters that get a piece, with their counts, the most frequent first. */
  readonly required: readonly (readonly [character: string, count: number])[];
  readonly skipped: SkippedLines;
}

const WHERE = "trainSentencePiece";
const STEPS_A_UNIT = 6;

export async function sentencePieceCorpus(
  lines: Corpus,
  spec: SentencePieceSpec,
  metaPieces: Iterable<MetaPiece>,
  pace: Pace,
): Promise<SentencePieceCorpus> {
  if (typeof lines === "string")
    throw new ArgumentError(WHERE, "lines", "a list of lines", lines, "Split it at its line ends.");
  const rules = {
    charsmap: spec.characterMap === null ? null : new Charsmap(spec.characterMap, "characterMap"),
    dummyPrefix: spec.addDummyPrefix,
    trimSpaces: spec.removeExtraWhitespaces,
    escapeSpaces: true,
    suffixMark: spec.treatWhitespaceAsSuffix,
    userDefined: null,
  };
  const named = prefixes(Array.from(metaPieces, ({ piece }) => piece));
  const split = splitterOf(spec);
  const counts = new CountedEntries();
  const skipped = { tooLong: 0, reserved: 0 };
  let read = 0;
  for await (const line of lines) {
    if (typeof line !== "string")
      throw new ArgumentError(WHERE, `lines[${read}]`, "a string", line);
    read++;
    if (line === "") continue;
    if (isLonger(line, spec.maxSentenceLength)) skipped.tooLong++;
    else if (line.includes(RARE)) skipped.reserved++;
    else {
      const wellFormed = line.replace(/\p{Surrogate}/gu, "\ufffd");
      const normal = sentencePieceNormalized(unaligned(wellFormed, 0), rules).text;
      split(masked(normal, named), counts);
    }
    if (pace.spend(line.length * STEPS_A_UNIT)) await pace.rest("reading lines", read);
  }
  const required = requiredCharacters(counts.all(), spec);
  if (required.length === 0)
    throw new ArgumentError(WHERE, "lines", "text with at least one character", `${read} lines`);
  return { entries: withoutRare(counts.all(), required), required, skipped };
}

/** In bytes of UTF-8, of which a unit takes at most three. */
function isLonger(line: string, limit: number): boolean {
  if (line.length * 3 <= limit) return false;
  return line.length > limit || new TextEncoder().encode(line).length > limit;
}

/** Named pieces become cuts. */
function masked(text: string, named: ReturnType<typeof prefixes>): string {
  if (named === null) return text;
  let out = "";
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const width = named.match(text, at);
    if (width > 0) {
      out += text.slice(from, at) + CUT;
      at += width;
      from = at;
    } else at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  }
  return from === 0 ? text : out + text.slice(from);
}

/** Counts by what comes behind, then by text. */
class CountedEntries {
  readonly #byNext = new Map<string, Map<string, number>>();

  add(text: string, next: string): void {
    const counts = this.#byNext.get(next) ?? new Map<string, number>();
    this.#byNext.set(next, counts);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }

  *all(): Generator<SeedEntry> {
    for (const [next, counts] of this.#byNext)
      for (const [text, count] of counts) yield entryOf(text, next, count);
  }
}

const entryOf = (text: string, next: string, count: number): SeedEntry =>
  next === "" ? { text, count } : { text, next, count };

function splitterOf(spec: SentencePieceSpec) {
  const isWords = spec.modelType === "word";
  const cut = isWords
    ? words(false, false)
    : words(spec.treatWhitespaceAsSuffix, spec.allowWhitespaceOnlyPieces);
  return (text: string, counts: CountedEntries): void => {
    if (text === "") return;
    if (!isWords && (!spec.splitByWhitespace || spec.modelType === "char")) counts.add(text, "");
    else
      cut(text, 0, text.length, {
        add(start, end) {
          const code = text.codePointAt(end);
          counts.add(text.slice(start, end), code === undefined ? "" : String.fromCodePoint(code));
        },
      });
  };
}

function requiredCharacters(
  entries: Iterable<SeedEntry>,
  { characterCoverage, requiredCharacters: given, useAllVocabulary }: SentencePieceSpec,
): [string, number][] {
  const counts = new Map<string, number>();
  const always = new Set(given);
  always.delete("\0");
  for (const character of always) counts.set(character, 0);
  let total = 0;
  for (const { text, count } of entries)
    for (const character of text) {
      if (character === "\0" || character === " ") continue;
      counts.set(character, (counts.get(character) ?? 0) + count);
      total += count;
    }
  const rank = (character: string): number => (always.has(character) ? 0 : 1);
  const ordered = [...counts].sort(
    (a, b) => rank(a[0]) - rank(b[0]) || b[1] - a[1] || byCodePoint(a[0], b[0]),
  );
  const required: [string, number][] = [];
  let covered = 0;
  for (const [character, count] of ordered) {
    const isCovered = Math.fround(covered / total) >= Math.fround(characterCoverage);
    if (isCovered && !useAllVocabulary) break;
    covered += count;
    if (character !== CUT) required.push([character, count]);
  }
  return required.sort((a, b) => b[1] - a[1] || byCodePoint(a[0], b[0]));
}

function withoutRare(
  entries: Iterable<SeedEntry>,
  required: readonly (readonly [string, number])[],
): SeedEntry[] {
  const known = new Set(required.map(([character]) => character));
  const kept = (text: string): string => {
    let out = "";
    for (const character of text) out += known.has(character) ? character : RARE;
    return out;
  };
  const merged = new Map<string, { text: string; next: string; count: number }>();
  for (const { text, next = "", count } of entries) {
    const [a, b] = [kept(text), kept(next)];
    const key = `${b}\0${a}`;
    const entry = merged.get(key);
    if (entry === undefined) merged.set(key, { text: a, next: b, count });
    else entry.count += count;
  }
  return [...merged.values()]
    .map(({ text, next, count }) => entryOf(text, next, count))
    .sort((a, b) => b.count - a.count || byCodePoint(a.text, b.text));
}

/** The entries without what comes behind them. */
export function joinedEntries(entries: readonly SeedEntry[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { text, count } of entries) counts.set(text, (counts.get(text) ?? 0) + count);
  return counts;
}
