/**
 * Finds places at which a text may be cut so that its parts, encoded one by one, give the ids of the whole.
 *
 * Needs    a cut stands between a character that is no white space and a space. It is safe where no added token reaches
 *          over it, the normalizer works on each side alone, and some step of the pre-tokenizer always splits there
 *          while no step before it looks beyond
 * Cost     O(1) for a text whose end is near a cut; at worst one pass
 * Differs  where a part of the pipeline is not known to be safe there is no cut: the text is then encoded at its end
 */
import { type AddedToken, isWhitespace } from "../added-tokens.js";
import { recognized } from "../engine/grammar.js";
import * as read from "../formats/fields.js";
import { COMPONENT_LIMIT } from "../limits.js";
import type { CutFinder } from "./stream-encoder.js";

/**
 * Not before a cut: marks and controls, which may belong to a cluster or an unfinished pair, and the letters that join
 * what follows them.
 */
const UNSAFE =
  /[\p{M}\p{C}\ufffd\u0d4e\u{111c2}\u{111c3}\u{1193f}\u{11941}\u{11a3a}\u{11a84}-\u{11a89}\u{11d46}\u{11f02}]/u;

/** Null where no cut is known to be safe. */
export function cutFinder(file: read.Fields, added: readonly AddedToken[]): CutFinder | null {
  const normalizer = read.optionalFields(file, "normalizer");
  const preTokenizer = read.optionalFields(file, "pre_tokenizer");
  if (preTokenizer === undefined) return null;
  const steps = flat(preTokenizer);
  const place = steps.findIndex(isSplitter);
  const splits =
    recognized(preTokenizer.value) !== null ||
    (place >= 0 && steps.slice(0, place).every(isNeutral) && steps.slice(place + 1).every(isAfter));
  if (!splits) return null;
  const dropsSpace = place >= 0 && DROPPING.includes(typeOf(steps[place]!));
  if (normalizer !== undefined && !isLocal(normalizer, dropsSpace)) return null;
  return spaceCuts(added);
}

/** Cuts before spaces, unless an added token may reach over one or take in the space behind it. */
export function spaceCuts(added: readonly AddedToken[]): CutFinder | null {
  if (added.some(({ content, stripRight }) => stripRight || /\p{White_Space}/u.test(content)))
    return null;
  return (text, from) => {
    for (let at = text.length - 1; at > Math.max(0, from); at--) {
      if (text.charCodeAt(at) !== 0x20) continue;
      if (!isWhitespace(text.charCodeAt(at - 1)) && !UNSAFE.test(characterBefore(text, at)))
        return at;
    }
    return -1;
  };
}

function characterBefore(text: string, at: number): string {
  const isPair = at > 1 && (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00;
  return text.slice(isPair ? at - 2 : at - 1, at);
}

const LOCAL: readonly string[] = ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents"];
const DROPPING: readonly string[] = ["WhitespaceSplit", "Whitespace", "BertPreTokenizer"];
const NEUTRAL: readonly string[] = ["Digits", "Punctuation"];

const typeOf = (step: read.Fields): string => String(read.raw(step, "type"));

/**
 * Works on each side of a cut as on the whole. That of BERT may put a space beside one, which matters unless spaces are
 * dropped.
 */
function isLocal(normalizer: read.Fields, dropsSpace: boolean): boolean {
  const type = typeOf(normalizer);
  if (type === "Sequence")
    return parts(normalizer, "normalizers").every((step) => isLocal(step, dropsSpace));
  return LOCAL.includes(type) || (type === "BertNormalizer" && dropsSpace);
}

/** Always splits at a cut. */
function isSplitter(step: read.Fields): boolean {
  const type = typeOf(step);
  if (type === "ByteLevel") return read.raw(step, "use_regex") !== false;
  if (type === "Metaspace") return read.raw(step, "split") !== false;
  return DROPPING.includes(type);
}

/** Matches single characters, whatever stands beside them. */
const isNeutral = (step: read.Fields): boolean => NEUTRAL.includes(typeOf(step));

/** Behind a split at the cut a step sees each side alone; only what knows its place in the text does not fit. */
const isAfter = (step: read.Fields): boolean =>
  typeOf(step) !== "Metaspace" || read.raw(step, "prepend_scheme") !== "first";

const flat = (step: read.Fields): read.Fields[] =>
  typeOf(step) === "Sequence" ? parts(step, "pretokenizers").flatMap(flat) : [step];

const parts = (from: read.Fields, key: string): read.Fields[] =>
  read
    .list(from, key, COMPONENT_LIMIT)
    .map((step, i) => read.fields(step, `${from.path}.${key}[${i}]`));
