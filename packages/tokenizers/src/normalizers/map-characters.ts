/**
 * Replaces single characters, each where it stands.
 *
 * Cost     one pass; text without a match is passed through
 */
import { type AlignedText, Rewriting } from "../text/aligned.js";

/** `pattern` has the flags `gu` and matches one character; `put` gives what takes its place, "" for nothing. */
export function mapCharacters(
  from: AlignedText,
  pattern: RegExp,
  put: (character: string) => string,
): AlignedText {
  let out: Rewriting | undefined;
  for (const { 0: character, index } of from.text.matchAll(pattern)) {
    out ??= new Rewriting(from);
    out.keep(index);
    const content = put(character);
    if (content === "") out.skip(character.length);
    else out.replace(content, character.length);
  }
  return out?.done() ?? from;
}

export const without = (from: AlignedText, pattern: RegExp): AlignedText =>
  mapCharacters(from, pattern, () => "");
