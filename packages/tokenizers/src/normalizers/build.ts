/**
 * Makes a normalizer from its JSON: null, NFC, NFD, NFKC, NFKD, Lowercase, Replace, Prepend, Sequence.
 *
 * Errors   FormatError, CapabilityError with the field's path
 */
import * as read from "../formats/fields.js";
import { COMPONENT_LIMIT, NESTING_LIMIT, REPLACEMENT_LENGTH_LIMIT } from "../limits.js";
import { matcherOf } from "../regex/matcher.js";
import { type AlignedText, Rewriting } from "../text/aligned.js";
import { lowercase } from "./lowercase.js";
import { replaceAll } from "./replace.js";
import { toForm } from "./unicode-form.js";

export type Normalizer = (from: AlignedText) => AlignedText;

export function buildNormalizer(from: read.Fields, depth = 0): Normalizer {
  const type = read.string(from, "type");
  switch (type) {
    case "NFC":
    case "NFD":
    case "NFKC":
    case "NFKD":
      return (text) => toForm(text, type);
    case "Lowercase":
      return lowercase;
    case "Replace":
      return replacement(from);
    case "Prepend":
      return prepending(content(from, "prepend"));
    case "Sequence":
      return sequence(from, depth);
    default:
      throw read.unsupported(`${from.path} of type ${JSON.stringify(type)}`);
  }
}

function sequence(from: read.Fields, depth: number): Normalizer {
  if (depth >= NESTING_LIMIT) throw read.invalid(from.path, "is nested too deep");
  const steps = read
    .list(from, "normalizers", COMPONENT_LIMIT)
    .map((step, i) =>
      buildNormalizer(read.fields(step, `${from.path}.normalizers[${i}]`), depth + 1),
    );
  return (text) => steps.reduce((current, step) => step(current), text);
}

function replacement(from: read.Fields): Normalizer {
  const matcher = matcherOf(read.pattern(from, "pattern"), read.at(from, "pattern"));
  const put = content(from, "content");
  return (text) => replaceAll(text, matcher, put);
}

function prepending(prefix: string): Normalizer {
  return (text) => prepended(text, prefix);
}

/** `prefix` in front of a text that is not empty; it stands where the first character stands. */
export function prepended(text: AlignedText, prefix: string): AlignedText {
  if (text.text.length === 0 || prefix.length === 0) return text;
  const out = new Rewriting(text);
  out.replace(prefix, 0);
  return out.done();
}

const content = (from: read.Fields, key: string): string =>
  read.bounded(read.string(from, key), read.at(from, key), REPLACEMENT_LENGTH_LIMIT);
