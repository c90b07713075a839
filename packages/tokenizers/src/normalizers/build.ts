/**
 * Makes a normalizer from its JSON: every type of Hugging Face tokenizers.
 *
 * Errors   FormatError, CapabilityError with the field's path
 */
import * as read from "../formats/fields.js";
import { COMPONENT_LIMIT, NESTING_LIMIT, REPLACEMENT_LENGTH_LIMIT } from "../limits.js";
import { toByteCharacters } from "../pre-tokenizers/byte-level.js";
import { matcherOf } from "../regex/matcher.js";
import type { AlignedText } from "../text/aligned.js";
import { classOf, except, SINCE_10 } from "../text/unicode-age.js";
import { bertNormalized } from "./bert.js";
import { Charsmap, fromBase64 } from "./charsmap.js";
import { lowercase } from "./lowercase.js";
import { without } from "./map-characters.js";
import { nmt } from "./nmt.js";
import { precompiled } from "./precompiled.js";
import { prepended } from "./prepend.js";
import { replaceAll } from "./replace.js";
import { strip } from "./strip.js";
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
    case "StripAccents":
      return (text) => without(text, MARK);
    case "Strip":
      return stripping(from);
    case "Nmt":
      return nmt;
    case "ByteLevel":
      return (text) => (text.text === "" ? text : toByteCharacters(text));
    case "Bert":
    case "BertNormalizer":
      return bert(from);
    case "Precompiled":
      return charsmap(from);
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

/** The marks of Unicode 9.0. */
const MARK = /* @__PURE__ */ new RegExp(
  `[\\u1cf2\\u1cf3]|${/* @__PURE__ */ except(`\\u{111c9}${/* @__PURE__ */ classOf(SINCE_10)}`, "\\p{M}")}`,
  "gu",
);

function stripping(from: read.Fields): Normalizer {
  const left = read.boolean(from, "strip_left", true);
  const right = read.boolean(from, "strip_right", true);
  return (text) => strip(text, left, right);
}

function bert(from: read.Fields): Normalizer {
  const lower = read.boolean(from, "lowercase", true);
  const options = {
    cleanText: read.boolean(from, "clean_text", true),
    separateChinese: read.boolean(from, "handle_chinese_chars", true),
    stripAccents: read.boolean(from, "strip_accents", lower),
    lowercase: lower,
  };
  return (text) => bertNormalized(text, options);
}

function charsmap(from: read.Fields): Normalizer {
  const path = read.at(from, "precompiled_charsmap");
  const map = new Charsmap(fromBase64(read.string(from, "precompiled_charsmap"), path), path);
  return (text) => precompiled(text, map);
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

const content = (from: read.Fields, key: string): string =>
  read.bounded(read.string(from, key), read.at(from, key), REPLACEMENT_LENGTH_LIMIT);
