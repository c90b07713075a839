/**
 * Counts the words of a corpus: what a trainer learns from.
 *
 * Shapes   texts  ->  a map from word to count, in the order in which words are seen first
 * Cost     one pass; memory for the different words and one text at a time
 * Differs  after the `feed` of Hugging Face trainers: each text is normalized and split by itself, and special tokens
 *          that stand in it are split as other text; empty words are left out
 * Errors   ArgumentError: a string in place of a list of texts, an entry that is none, no word at all; FormatError,
 *          CapabilityError: a component that is broken or not supported; the signal's reason where it is aborted
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { characterClasses } from "../engine/classes.js";
import { recognized } from "../engine/grammar.js";
import { scanOf, splitterOf } from "../engine/scan.js";
import { stretchEnd } from "../engine/utf8-chunk.js";
import * as read from "../formats/fields.js";
import type { PatternName } from "../formats/patterns.js";
import { patternSplitter } from "../formats/tiktoken.js";
import { TEXT_LENGTH_LIMIT } from "../limits.js";
import { buildNormalizer } from "../normalizers/build.js";
import { buildPreTokenizer, type Step } from "../pre-tokenizers/build.js";
import { toByteCharacters } from "../pre-tokenizers/byte-level.js";
import { walker } from "../pre-tokenizers/walk.js";
import { unaligned } from "../text/aligned.js";
import { grown } from "./growing.js";
import { type JobOptions, Pace } from "./pace.js";

/** How often each word occurs: whole numbers from 1 up. */
export type WordCounts = ReadonlyMap<string, number>;

/** Texts, such as the lines of a file. */
export type Corpus = Iterable<string> | AsyncIterable<string>;

export interface WordCountOptions extends JobOptions {
  /** The JSON of a normalizer, as in tokenizer.json. Default: none. */
  readonly normalizer?: object | null | undefined;
  /** The JSON of a pre-tokenizer, as in tokenizer.json. Default: none; each text is one word. */
  readonly preTokenizer?: object | null | undefined;
  /**
   * In place of a pre-tokenizer, a pattern of OpenAI by name or an expression in the syntax of Rust, as for a .tiktoken
   * file: words are what it matches, written in the byte alphabet.
   */
  readonly pattern?: PatternName | (string & {}) | undefined;
}

const WHERE = "wordCounts";

export async function wordCounts(
  corpus: Corpus,
  options: WordCountOptions = {},
): Promise<Map<string, number>> {
  if (typeof corpus === "string")
    throw new ArgumentError(WHERE, "corpus", "a list of texts", corpus, "Put the text in a list.");
  const pace = new Pace(options);
  const { split, bytes } = wordSplitter(options);
  const numbers = new Map<string, number>();
  let counts = new Float64Array(1024);
  const add = (word: string): void => {
    const number = numbers.get(word);
    if (number !== undefined) counts[number]!++;
    else {
      counts = grown(counts, numbers.size + 1);
      counts[numbers.size] = 1;
      numbers.set(copied(word), numbers.size);
    }
  };
  let done = 0;
  for await (const text of corpus) {
    checkText(text, done++);
    const rests = split(text, add);
    for (const words of rests) if (pace.spend(words * STEPS_A_WORD)) await pace.rest(PHASE, done);
  }
  if (numbers.size === 0)
    throw new ArgumentError(WHERE, "corpus", "texts with at least one word", `${done} texts`);
  pace.report(PHASE, done, done);
  return rewritten(numbers, counts, bytes ? byteCharactersOf : wellFormed);
}

const PHASE = "counting words";
/** A word costs some hundred nanoseconds. */
const STEPS_A_WORD = 10;

function checkText(text: unknown, at: number): void {
  if (typeof text !== "string") throw new ArgumentError(WHERE, `corpus[${at}]`, "a string", text);
  if (text.length > TEXT_LENGTH_LIMIT)
    throw new ArgumentError(
      WHERE,
      `corpus[${at}].length`,
      `at most ${TEXT_LENGTH_LIMIT}`,
      text.length,
      "Give it in parts, cut at line ends.",
    );
}

/** Gives each word of a text, and now and then how many there were since the last time. */
type WordSplitter = (text: string, onWord: (word: string) => void) => Iterable<number>;

/** `bytes`: the words are still to be written in the byte alphabet. */
export function wordSplitter({ normalizer, preTokenizer, pattern }: WordCountOptions): {
  readonly split: WordSplitter;
  readonly bytes: boolean;
} {
  const normal =
    normalizer === null || normalizer === undefined
      ? null
      : buildNormalizer(read.fields(normalizer, "normalizer"));
  const { steps, bytes } = stepsOf(preTokenizer ?? null, pattern);
  const grammar = steps.length === 0 || !preTokenizer ? null : recognized(preTokenizer);
  if (grammar !== null) {
    const split = splitterOf(scanOf(grammar, characterClasses(grammar.family === "deepseek")));
    return { bytes, split: scanned };
    function* scanned(given: string, onWord: (word: string) => void): Generator<number> {
      let text = normal?.(unaligned(given, 0)).text ?? given;
      if (grammar!.prefixSpace && text !== "" && !text.startsWith(" ")) text = ` ${text}`;
      for (let from = 0, to = 0; from < text.length; from = to) {
        to = stretchEnd(text, from);
        let words = 0;
        const add = (start: number, end: number): void => {
          words++;
          onWord(text.slice(start, end));
        };
        split(text, from, to, { add });
        yield words;
      }
    }
  }
  const walk = walker(steps);
  return { bytes, split: walked };
  function walked(given: string, onWord: (word: string) => void): Iterable<number> {
    const from = normal?.(unaligned(given, 0)) ?? unaligned(given, 0);
    let words = 0;
    if (from.text !== "")
      walk(from, 0, from.text.length, ({ text }, start, end) => {
        words++;
        onWord(text.slice(start, end));
      });
    return [words];
  }
}

function stepsOf(
  preTokenizer: object | null,
  pattern: string | undefined,
): { steps: readonly Step[]; bytes: boolean } {
  if (pattern === undefined)
    return preTokenizer === null
      ? { steps: [], bytes: false }
      : buildPreTokenizer(read.fields(preTokenizer, "pre_tokenizer"));
  if (preTokenizer !== null)
    throw new ArgumentError(WHERE, "pattern", "absent beside a preTokenizer", pattern);
  return { steps: [{ kind: "split", split: patternSplitter(pattern, "pattern") }], bytes: true };
}

/** A slice keeps its whole text alive; a text that is joined anew does not. */
const copied = (word: string): string => (word.length < 13 ? word : word.split("").join(""));

/** `counts` go by the numbers of the words; words that become one are counted together. */
function rewritten(
  numbers: ReadonlyMap<string, number>,
  counts: Float64Array,
  write: (word: string) => string,
): Map<string, number> {
  const written = new Map<string, number>();
  for (const [word, number] of numbers) {
    const text = write(word);
    written.set(text, (written.get(text) ?? 0) + counts[number]!);
  }
  return written;
}

const byteCharactersOf = (word: string): string => toByteCharacters(unaligned(word, 0)).text;

/** A lone surrogate counts as U+FFFD, as everywhere in this package. */
const wellFormed = (word: string): string => word.replace(/\p{Surrogate}/gu, "\ufffd");
