/**
 * The clean-up of SentencePiece's NMT rules: drops control characters, makes the odd separators spaces.
 *
 * Paper    none (SentencePiece, nmt_nfkc)
 * Cost     one pass for each of the two steps
 */
import type { AlignedText } from "../text/aligned.js";
import { mapCharacters, without } from "./map-characters.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it drops
const DROPPED = /[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]/gu;
const SPACES = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/gu;

export const nmt = (from: AlignedText): AlignedText =>
  mapCharacters(without(from, DROPPED), SPACES, () => " ");
