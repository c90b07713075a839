/**
 * Replaces every match of a pattern by a fixed text.
 *
 * Cost     linear in the text for a literal; as the pattern does for an expression
 * Differs  the new text stands where the last character of the match stood, as in Hugging Face tokenizers
 */
import type { Matcher } from "../regex/matcher.js";
import { type AlignedText, Rewriting } from "../text/aligned.js";

export function replaceAll(from: AlignedText, matcher: Matcher, content: string): AlignedText {
  let out: Rewriting | undefined;
  matcher.each(from.text, (start, end) => {
    out ??= new Rewriting(from);
    out.keep(start);
    out.skip(end - start);
    out.insert(content);
  });
  return out?.done() ?? from;
}
