/** How BoundlessBPE splits texts into words. */
import { PATTERNS } from "../formats/patterns.js";
import { compile } from "../regex/matcher.js";

export const BOUNDLESS_PATTERNS = {
  /** The paper's: contractions, snake_case, parts of camel case, digits by three from the right, marks with what they mark. */
  ultimate:
    " ?(?:\\p{L}\\p{M}*)+['’](?:\\p{L}\\p{M}*)+|" +
    "_(?:\\p{Ll}\\p{M}*)+|" +
    " ?(?:\\p{Lu}\\p{M}*)+(?=(?:\\p{Lu}\\p{M}*)(?:\\p{Ll}\\p{M}*))|" +
    " ?(?:\\p{Lu}\\p{M}*)?(?:\\p{Ll}\\p{M}*)+|" +
    " ?(?:\\p{Lu}\\p{M}*)+|" +
    " ?(?:[\\p{Lt}\\p{Lm}\\p{Lo}]\\p{M}*)+|" +
    "(?:\\p{N}\\p{M}*){1,3}(?=(?:(?:\\p{N}\\p{M}*){3})*(?:(?:\\P{N}\\p{M}*)|$))|" +
    " ?(?:[\\p{P}\\p{S}]\\p{M}*)+|" +
    "[^\\S\\r\\n]*[\\n\\r]+|[^\\S\\r\\n]+|" +
    "(?:[\\p{Z}\\p{C}]\\p{M}*)+|" +
    "\\p{M}+|" +
    ".+",
  o200k: PATTERNS.o200k,
} as const;

/** The matches are the words. */
export function boundlessWords(pattern: string): (text: string) => string[] {
  const source = Object.hasOwn(BOUNDLESS_PATTERNS, pattern)
    ? BOUNDLESS_PATTERNS[pattern as keyof typeof BOUNDLESS_PATTERNS]
    : pattern;
  const expression = compile(source, "pattern", "rust", true);
  return (text) => text.match(expression) ?? [];
}
