/**
 * Makes the steps of a pre-tokenizer from its JSON: every type of Hugging Face tokenizers.
 *
 * Shapes   a step either splits a range of a text or rewrites it
 * Differs  the byte alphabet, where it comes last, is left to the model, which reads the bytes itself
 * Errors   FormatError, CapabilityError with the field's path
 */
import * as read from "../formats/fields.js";
import { COMPONENT_LIMIT, NESTING_LIMIT } from "../limits.js";
import { prepended } from "../normalizers/prepend.js";
import { literalMatcher, type Matcher, matcherOf } from "../regex/matcher.js";
import type { AlignedText } from "../text/aligned.js";
import { RUST_WORD } from "../text/rust-word.js";
import { classOf, except, SINCE_9, SINCE_10 } from "../text/unicode-age.js";
import { toByteCharacters } from "./byte-level.js";
import { fixedLength } from "./fixed-length.js";
import { metaspace, PREPEND_SCHEMES } from "./metaspace.js";
import { scriptSplitter } from "./scripts.js";
import { BEHAVIORS, type Behavior, type Splitter, splitter } from "./split.js";

export type Step =
  | { readonly kind: "split"; readonly split: Splitter }
  | { readonly kind: "rewrite"; readonly rewrite: (text: AlignedText) => AlignedText }
  | { readonly kind: "bytes" };

/** The split of GPT-2, in the syntax of the files. */
const GPT2 = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** ASCII punctuation and \p{P} of Unicode 8.0, where U+166D was some. */
const PUNCTUATION = /* @__PURE__ */ new RegExp(
  `[!-/:-@[-\`{-~\\u166d\\u{111c9}]|${/* @__PURE__ */ except(/* @__PURE__ */ classOf(SINCE_9, SINCE_10), "\\p{P}")}`,
  "gu",
);
const DIGIT = /\p{N}/gu;
const SPACE = /\p{White_Space}/gu;
/** `\w+|[^\w\s]+`, in which `\w` is that of Rust, not that of the files' patterns. */
const WORDS = /* @__PURE__ */ new RegExp(
  `(?:${RUST_WORD})+|(?:(?!${RUST_WORD})\\P{White_Space})+`,
  "gu",
);

/** The steps in order, and whether the model is to read bytes. */
export function buildPreTokenizer(from: read.Fields): { steps: readonly Step[]; bytes: boolean } {
  const steps = stepsOf(from, 0);
  const bytes = steps.at(-1)?.kind === "bytes";
  if (bytes) steps.pop();
  return {
    bytes,
    steps: steps.map((step) =>
      step.kind === "bytes" ? { kind: "rewrite", rewrite: toByteCharacters } : step,
    ),
  };
}

function stepsOf(from: read.Fields, depth: number): Step[] {
  const type = read.string(from, "type");
  switch (type) {
    case "ByteLevel":
      return byteLevel(from);
    case "Split":
      return [split(from)];
    case "Digits":
      return [digits(from)];
    case "Whitespace":
      read.only(from, "type");
      return [{ kind: "split", split: splitter(everyMatch(WORDS), "Removed", true) }];
    case "WhitespaceSplit":
      read.only(from, "type");
      return [{ kind: "split", split: splitter(everyMatch(SPACE), "Removed", false) }];
    case "BertPreTokenizer":
      read.only(from, "type");
      return [
        { kind: "split", split: splitter(everyMatch(SPACE), "Removed", false) },
        { kind: "split", split: splitter(everyMatch(PUNCTUATION), "Isolated", false) },
      ];
    case "Punctuation":
      return [punctuation(from)];
    case "CharDelimiterSplit":
    case "Delimiter":
      return [delimiter(from)];
    case "UnicodeScripts":
      read.only(from, "type");
      return [{ kind: "split", split: scriptSplitter() }];
    case "FixedLength":
      read.only(from, "type", "length");
      return [{ kind: "split", split: fixedLength(positive(from, "length", 5)) }];
    case "Metaspace":
      return readMetaspace(from);
    case "Sequence":
      return sequence(from, depth);
    default:
      throw read.unsupported(`${from.path} of type ${JSON.stringify(type)}`);
  }
}

function sequence(from: read.Fields, depth: number): Step[] {
  read.only(from, "type", "pretokenizers");
  if (depth >= NESTING_LIMIT) throw read.invalid(from.path, "is nested too deep");
  return read
    .list(from, "pretokenizers", COMPONENT_LIMIT)
    .flatMap((step, i) =>
      stepsOf(read.fields(step, `${from.path}.pretokenizers[${i}]`), depth + 1),
    );
}

function byteLevel(from: read.Fields): Step[] {
  read.only(from, "type", "add_prefix_space", "trim_offsets", "use_regex");
  read.boolean(from, "trim_offsets", true); // acts in the post-processor only
  const steps: Step[] = [];
  if (read.boolean(from, "add_prefix_space", true))
    steps.push({
      kind: "rewrite",
      rewrite: (text) => (text.text.startsWith(" ") ? text : prepended(text, " ")),
    });
  if (read.boolean(from, "use_regex", true)) {
    const matcher = matcherOf({ literal: false, source: GPT2 }, from.path);
    steps.push({ kind: "split", split: splitter(matcher, "Isolated", false) });
  }
  steps.push({ kind: "bytes" });
  return steps;
}

function split(from: read.Fields): Step {
  read.only(from, "type", "pattern", "behavior", "invert");
  const matcher = matcherOf(read.pattern(from, "pattern"), read.at(from, "pattern"));
  const behavior = read.oneOf(from, "behavior", BEHAVIORS);
  return {
    kind: "split",
    split: splitter(matcher, behavior, read.boolean(from, "invert", false)),
  };
}

function digits(from: read.Fields): Step {
  read.only(from, "type", "individual_digits");
  const behavior = read.boolean(from, "individual_digits", false) ? "Isolated" : "Contiguous";
  return { kind: "split", split: splitter(everyMatch(DIGIT), behavior, false) };
}

function punctuation(from: read.Fields): Step {
  read.only(from, "type", "behavior");
  const behavior: Behavior =
    read.raw(from, "behavior") === undefined ? "Isolated" : read.oneOf(from, "behavior", BEHAVIORS);
  return { kind: "split", split: splitter(everyMatch(PUNCTUATION), behavior, false) };
}

function delimiter(from: read.Fields): Step {
  read.only(from, "type", "delimiter");
  const matcher = literalMatcher(character(from, "delimiter"));
  return { kind: "split", split: splitter(matcher, "Removed", false) };
}

/** Files of older versions have `add_prefix_space` in place of `prepend_scheme`. */
function readMetaspace(from: read.Fields): Step[] {
  read.only(from, ..."type replacement prepend_scheme split add_prefix_space str_rep".split(" "));
  const mark = character(from, "replacement");
  const named = read.raw(from, "prepend_scheme") !== undefined;
  const scheme = named ? read.oneOf(from, "prepend_scheme", PREPEND_SCHEMES) : "always";
  const legacyNever = !read.boolean(from, "add_prefix_space", true);
  if (legacyNever && named && scheme !== "never")
    throw read.invalid(from.path, "has add_prefix_space false and another prepend_scheme");
  return metaspace(mark, legacyNever ? "never" : scheme, read.boolean(from, "split", true));
}

function character(from: read.Fields, key: string): string {
  const text = read.string(from, key);
  if ([...text].length !== 1) throw read.wrong(read.at(from, key), "one character", text);
  return text;
}

function positive(from: read.Fields, key: string, fallback: number): number {
  const value = read.whole(from, key, 2 ** 31, fallback);
  if (value === 0) throw read.wrong(read.at(from, key), "a whole number from 1 up", value);
  return value;
}

const everyMatch = (pattern: RegExp): Matcher => ({
  each(text, onMatch) {
    for (const { 0: match, index } of text.matchAll(pattern)) onMatch(index, index + match.length);
  },
});
