/**
 * The normalizer of BERT: cleans, sets CJK characters apart, strips accents, lowercases.
 *
 * Paper    Devlin et al., arXiv:1810.04805 (its tokenizer)
 * Cost     one pass for each step that is on
 * Differs  as in Hugging Face tokenizers: U+2B820 to U+2B91F are not set apart; what is younger than Unicode 8.0 is no
 *          mark and no control character
 */
import type { AlignedText } from "../text/aligned.js";
import { classOf, except, SINCE_9, SINCE_10 } from "../text/unicode-age.js";
import { lowercase } from "./lowercase.js";
import { mapCharacters, without } from "./map-characters.js";
import { toForm } from "./unicode-form.js";

export interface BertOptions {
  readonly cleanText: boolean;
  readonly separateChinese: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

const LATER = /* @__PURE__ */ classOf(SINCE_9, SINCE_10);
const UNCLEAN = /* @__PURE__ */ new RegExp(
  `[\\ufffd\\p{Co}]|${/* @__PURE__ */ except(`\\t\\n\\r${LATER}`, "\\p{Cc}\\p{Cf}")}`,
  "gu",
);
const SPACE = /\p{White_Space}/gu;
const CHINESE =
  /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
/** Four characters were no such marks in 8.0 yet, two still were. */
const ACCENT = /* @__PURE__ */ new RegExp(
  `[\\u1734\\u{1171e}]|${/* @__PURE__ */ except(`\\u1885\\u1886\\ua9bd\\u{111c9}${LATER}`, "\\p{Mn}")}`,
  "gu",
);

export function bertNormalized(from: AlignedText, options: BertOptions): AlignedText {
  let text = from;
  if (options.cleanText) text = mapCharacters(without(text, UNCLEAN), SPACE, () => " ");
  if (options.separateChinese) text = mapCharacters(text, CHINESE, (character) => ` ${character} `);
  if (options.stripAccents) text = without(toForm(text, "NFD"), ACCENT);
  return options.lowercase ? lowercase(text) : text;
}
