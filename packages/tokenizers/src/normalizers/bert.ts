/**
 * The normalizer of BERT: cleans, sets CJK characters apart, strips accents, lowercases.
 *
 * Paper    Devlin et al., arXiv:1810.04805 (its tokenizer)
 * Cost     one pass for each step that is on
 * Differs  U+2B820 to U+2B91F are not set apart, as in Hugging Face tokenizers
 */
import type { AlignedText } from "../text/aligned.js";
import { lowercase } from "./lowercase.js";
import { mapCharacters, without } from "./map-characters.js";
import { toForm } from "./unicode-form.js";

export interface BertOptions {
  readonly cleanText: boolean;
  readonly separateChinese: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

const UNCLEAN = /(?![\t\n\r])[\ufffd\p{Cc}\p{Cf}\p{Co}]/gu;
const SPACE = /\p{White_Space}/gu;
const CHINESE =
  /[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
const ACCENT = /\p{Mn}/gu;

export function bertNormalized(from: AlignedText, options: BertOptions): AlignedText {
  let text = from;
  if (options.cleanText) text = mapCharacters(without(text, UNCLEAN), SPACE, () => " ");
  if (options.separateChinese) text = mapCharacters(text, CHINESE, (character) => ` ${character} `);
  if (options.stripAccents) text = without(toForm(text, "NFD"), ACCENT);
  return options.lowercase ? lowercase(text) : text;
}
