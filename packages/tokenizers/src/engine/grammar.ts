/**
 * Recognizes the pre-tokenizers that have a hand-written state machine.
 *
 * Shapes   the JSON of a pre_tokenizer that `buildPreTokenizer` has accepted  ->  a grammar; null: run its patterns
 * Differs  nothing: a machine splits as the patterns do, but for characters of another Unicode version than the host's
 */
import { PATTERNS } from "../formats/patterns.js";

/** How a text is split; each family is a machine of scan-*.ts and of assembly/scan-*.ts. */
export type Family = "gpt2" | "cl100k" | "o200k" | "deepseek";

export interface Grammar {
  readonly family: Family;
  /** Characters of a number at most; 0: no limit. */
  readonly digits: number;
  /** Marks count as letters (cl100k). */
  readonly marksInWords: boolean;
  /** A word takes in a contraction behind it (o200k). */
  readonly contractions: boolean;
  /** Numbers are cut out before the rest is split: whitespace before one counts as standing at the end (gpt2). */
  readonly numbersApart: boolean;
  /** Whitespace at the end of a text is one piece, line ends or not (tiktoken). */
  readonly wholeTail: boolean;
  /** A space is put in front of a text that does not begin with one. */
  readonly prefixSpace: boolean;
}

const BASE = {
  digits: 0,
  marksInWords: false,
  contractions: false,
  numbersApart: false,
  prefixSpace: false,
  wholeTail: false,
} as const;
const GPT2: Grammar = { family: "gpt2", ...BASE };
const DEEPSEEK: Grammar = { family: "deepseek", ...BASE, digits: 3 };

const CASED = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const cl100k = (digits: string): string =>
  `${CASED}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`;
const o200k = (digits: string, tail: string): string => {
  const [upper, lower] = ["[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]", "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"];
  const prefix = "[^\\r\\n\\p{L}\\p{N}]?";
  return `${prefix}${upper}*${lower}+${tail}|${prefix}${upper}+${lower}*${tail}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`;
};

function known(): ReadonlyMap<string, Grammar> {
  const gpt2Rest = " ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
  const three = "\\p{N}{1,3}";
  const one = "\\p{N}";
  const word = { family: "cl100k", ...BASE } as const;
  const cased = { family: "o200k", ...BASE } as const;
  return new Map<string, Grammar>([
    [`'s|'t|'re|'ve|'m|'ll|'d|${gpt2Rest}`, GPT2],
    [`'(?:[sdmt]|ll|ve|re)|${gpt2Rest}`, GPT2],
    [PATTERNS.gpt2, GPT2],
    [PATTERNS.cl100k, { ...word, digits: 3, wholeTail: true }],
    [cl100k(three), { ...word, digits: 3 }],
    [cl100k(one), { ...word, digits: 1 }],
    [
      `${CASED}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${SPACES}`,
      { ...word, digits: 1, marksInWords: true },
    ],
    [o200k(three, `${CASED}?`), { ...cased, digits: 3, contractions: true }],
    [o200k(three, ""), { ...cased, digits: 3 }],
    [o200k(one, ""), { ...cased, digits: 1 }],
  ]);
}

const DEEPSEEK_PATTERNS = [
  "\\p{N}{1,3}",
  "[一-龥぀-ゟ゠-ヿ]+",
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
] as const;

/** The parts that matter of a component: its own fields, defaults filled in. */
interface Component {
  readonly type?: unknown;
  readonly pretokenizers?: readonly Component[];
  readonly pattern?: { readonly Regex?: unknown };
  readonly behavior?: unknown;
  readonly invert?: unknown;
  readonly individual_digits?: unknown;
  readonly use_regex?: unknown;
  readonly add_prefix_space?: unknown;
}

export function recognized(preTokenizer: object): Grammar | null {
  const top: Component = preTokenizer;
  if (top.type === "ByteLevel" && (top.use_regex ?? true) === true)
    return { ...GPT2, prefixSpace: (top.add_prefix_space ?? true) === true };
  const parts = top.type === "Sequence" ? (top.pretokenizers ?? []) : [];
  const last = parts.at(-1);
  if (last?.type !== "ByteLevel" || (last.add_prefix_space ?? true) !== false) return null;
  const ownSplit = (last.use_regex ?? true) === true;
  const [first] = parts;
  if (
    parts.length === 2 &&
    ownSplit &&
    first?.type === "Digits" &&
    first.individual_digits === true
  )
    return { ...GPT2, digits: 1, numbersApart: true };
  if (ownSplit) return null;
  const patterns = parts.slice(0, -1).map(splitPattern);
  if (patterns.length === 1) return known().get(patterns[0] ?? "") ?? null;
  // Their first two patterns leave text between the matches.
  const isDeepseek =
    parts.slice(0, -1).every(({ behavior }) => behavior === "Isolated") &&
    patterns.length === DEEPSEEK_PATTERNS.length &&
    DEEPSEEK_PATTERNS.every((pattern, i) => pattern === patterns[i]);
  return isDeepseek ? DEEPSEEK : null;
}

/**
 * The pattern of a Split whose parts are the matches and what lies between them; undefined for any other component. The
 * known patterns match all of a text, so that keeping nothing but the matches is the same.
 */
function splitPattern(part: Component): string | undefined {
  const invert = part.invert ?? false;
  const isolates = part.behavior === "Isolated" && invert === false;
  const keepsMatches = part.behavior === "Removed" && invert === true;
  if (part.type !== "Split" || !(isolates || keepsMatches)) return undefined;
  const source = part.pattern?.Regex;
  // Some files hold line ends themselves where others escape them.
  if (typeof source !== "string") return undefined;
  return source.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}
