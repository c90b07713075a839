/**
 * Makes the steps of a pre-tokenizer from its JSON: ByteLevel, Split, Digits, Sequence.
 *
 * Shapes   a step either splits a range of a text or rewrites it
 * Differs  the byte alphabet, where it comes last, is left to the model, which reads the bytes itself
 * Errors   FormatError, CapabilityError with the field's path
 */
import * as read from "../formats/fields.js";
import { COMPONENT_LIMIT, NESTING_LIMIT } from "../limits.js";
import { prepended } from "../normalizers/build.js";
import { matcherOf } from "../regex/matcher.js";
import type { AlignedText } from "../text/aligned.js";
import { toByteCharacters } from "./byte-level.js";
import { BEHAVIORS, type Splitter, splitter } from "./split.js";

export type Step =
  | { readonly kind: "split"; readonly split: Splitter }
  | { readonly kind: "rewrite"; readonly rewrite: (text: AlignedText) => AlignedText }
  | { readonly kind: "bytes" };

/** The split of GPT-2, in the syntax of the files. */
const GPT2 = "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

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
  const matcher = matcherOf({ literal: false, source: "\\p{N}" }, from.path);
  const behavior = read.boolean(from, "individual_digits", false) ? "Isolated" : "Contiguous";
  return { kind: "split", split: splitter(matcher, behavior, false) };
}
