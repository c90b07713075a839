/**
 * The pre-tokenizers that GGUF files call by a name.
 *
 * Errors   CapabilityError for a name that is not known
 */
import { unsupported } from "./fields.js";

const CASED = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const words = (digits: string): string =>
  `${CASED}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`;
const UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
const cased = (digits: string, tail: string): string =>
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${tail}|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${tail}|${digits}|` +
  ` ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`;
const THREE = "\\p{N}{1,3}";

const byPattern = (pattern: string): object => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
    { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
});

const NAMES = {
  words3: ["llama-bpe", "llama3", "llama-v3", "dbrx", "smaug-bpe"],
  words1: ["qwen2", "stablelm2", "deepseek-r1-qwen"],
  o200k: ["gpt-4o", "llama4"],
  tekken: ["tekken"],
  gpt2: ["gpt-2", "gpt2", "mpt", "olmo", "jina-v2-en", "jina-v2-es", "jina-v2-de", "phi-2"],
  digits: ["smollm", "starcoder", "refact", "command-r", "codeshell"],
} as const;

export function splitNamed(name: string, prefixSpace: boolean): object {
  const is = (names: readonly string[]): boolean => names.includes(name);
  const gpt2 = {
    type: "ByteLevel",
    add_prefix_space: prefixSpace,
    trim_offsets: true,
    use_regex: true,
  };
  if (is(NAMES.words3)) return byPattern(words(THREE));
  if (is(NAMES.words1)) return byPattern(words("\\p{N}"));
  if (is(NAMES.o200k)) return byPattern(cased(THREE, `${CASED}?`));
  if (is(NAMES.tekken)) return byPattern(cased("\\p{N}", ""));
  if (is(NAMES.gpt2)) return gpt2;
  if (is(NAMES.digits))
    return {
      type: "Sequence",
      pretokenizers: [{ type: "Digits", individual_digits: true }, gpt2],
    };
  throw unsupported(
    `the split ${JSON.stringify(name)} of tokenizer.ggml.pre`,
    "Load the model's tokenizer.json.",
  );
}
