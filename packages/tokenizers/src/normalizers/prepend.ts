/**
 * Puts a fixed text in front.
 *
 * Cost     one copy
 */
import { type AlignedText, Rewriting } from "../text/aligned.js";

/** `prefix` in front of a text that is not empty; it stands where the first character stands. */
export function prepended(text: AlignedText, prefix: string): AlignedText {
  if (text.text.length === 0 || prefix.length === 0) return text;
  const out = new Rewriting(text);
  out.replace(prefix, 0);
  return out.done();
}
