/** What a .tiktoken file and its options come to: the model, the pre-tokenizer, the special tokens. */
import type { AddedToken } from "../added-tokens.js";
import { byteVocabulary } from "../engine/byte-vocabulary.js";
import { ADDED_TOKEN_LENGTH_LIMIT, ID_LIMIT } from "../limits.js";
import type { BpeParts } from "../models/bpe.js";
import { byteRankPairs } from "../models/byte-rank-pairs.js";
import { rankPairs } from "../models/rank-pairs.js";
import type { TokenArena } from "../models/token-arena.js";
import { bounded, wholeNumber } from "./fields.js";
import { PATTERNS, type PatternName } from "./patterns.js";

/** One of OpenAI's by its name; any other is an expression itself. */
export const patternOf = (pattern: PatternName | (string & {})): string =>
  Object.hasOwn(PATTERNS, pattern) ? PATTERNS[pattern as PatternName] : pattern;

/** Of a vocabulary whose ids are the ranks. */
export function rankParts(vocabulary: TokenArena): BpeParts {
  const parts: Omit<BpeParts, "pairs"> = {
    vocabulary,
    bytes: true,
    ignoreMerges: true,
    unknown: -1,
    fuseUnknown: false,
    byteFallback: null,
    prefix: "",
    suffix: "",
    anyNeighbors: true,
  };
  const bytes = byteVocabulary(parts);
  return bytes === null
    ? { ...parts, pairs: rankPairs(vocabulary) }
    : { ...parts, pairs: byteRankPairs(bytes), asBytes: bytes };
}

/** The pre-tokenizer of a tokenizer.json that splits so. */
export const preTokenizerOf = (pattern: string): object => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
    { type: "ByteLevel", add_prefix_space: false, use_regex: false },
  ],
});

export function specialTokens(tokens: Readonly<Record<string, number>>): AddedToken[] {
  return Object.entries(tokens).map(([content, id]) => ({
    id: wholeNumber(id, `tiktoken.specialTokens[${JSON.stringify(content)}]`, ID_LIMIT),
    content: bounded(content, "tiktoken.specialTokens", ADDED_TOKEN_LENGTH_LIMIT),
    singleWord: false,
    stripLeft: false,
    stripRight: false,
    normalized: false,
    special: true,
  }));
}
