/** The patterns by which OpenAI's tokenizers split a text, in the syntax of Rust. */

const O200K_UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const O200K_LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
const CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
const GPT2 =
  "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s";

export const PATTERNS = {
  gpt2: GPT2,
  r50k: GPT2,
  p50k: GPT2,
  cl100k:
    "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|" +
    "\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
  o200k: [
    `[^\\r\\n\\p{L}\\p{N}]?${O200K_UPPER}*${O200K_LOWER}+${CONTRACTION}`,
    `[^\\r\\n\\p{L}\\p{N}]?${O200K_UPPER}+${O200K_LOWER}*${CONTRACTION}`,
    "\\p{N}{1,3}",
    " ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
    "\\s*[\\r\\n]+",
    "\\s+(?!\\S)",
    "\\s+",
  ].join("|"),
} as const;

export type PatternName = keyof typeof PATTERNS;
