/**
 * Lowercases code point by code point.
 *
 * Paper    none
 * Cost     one pass; text without capitals is passed through
 * Differs  a capital sigma always becomes the small one of the middle of a word, as in Hugging Face tokenizers
 */
import { type AlignedText, Rewriting } from "../text/aligned.js";

export function lowercase(from: AlignedText): AlignedText {
  let out: Rewriting | undefined;
  let position = 0;
  for (const character of from.text) {
    const lower = character.toLowerCase();
    if (lower !== character) {
      out ??= new Rewriting(from);
      out.keep(position);
      let first = true;
      for (const part of lower) {
        if (first) out.replace(part, character.length);
        else out.insert(part);
        first = false;
      }
    }
    position += character.length;
  }
  return out?.done() ?? from;
}
