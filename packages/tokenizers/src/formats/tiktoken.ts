/**
 * Reads a .tiktoken file: tokens in base64 with their ranks, one a line.
 *
 * Paper    none (the format of OpenAI's tiktoken)
 * Cost     O(file) and the merges of each token's own bytes
 * Differs  the merges that ranks imply are found once, at loading: a token can only be made from the two parts that its
 *          own bytes come to, so the ids are those of merging by rank
 * Errors   those of ranks.ts; FormatError: a pattern or special token that is none; CapabilityError: no pattern
 */
import { type AddedToken, addedTokenFinder } from "../added-tokens.js";
import { byteLevelStage } from "../decoders/bytes.js";
import { spaceCuts } from "../encoding/cuts.js";
import { accelerated } from "../engine/build.js";
import { byteVocabulary } from "../engine/byte-vocabulary.js";
import { ADDED_TOKEN_LENGTH_LIMIT, ID_LIMIT, PATTERN_LENGTH_LIMIT } from "../limits.js";
import { type BpeParts, bpe } from "../models/bpe.js";
import { byteRankPairs } from "../models/byte-rank-pairs.js";
import { rankPairs } from "../models/rank-pairs.js";
import type { TokenArena } from "../models/token-arena.js";
import { buildPostProcessor } from "../post-processors/build.js";
import type { Step } from "../pre-tokenizers/build.js";
import { type Splitter, splitter } from "../pre-tokenizers/split.js";
import { matcherOf } from "../regex/matcher.js";
import { tokenTable } from "../token-table.js";
import type { TokenizerParts } from "../tokenizer.js";
import { bounded, unsupported, wholeNumber } from "./fields.js";
import { PATTERNS, type PatternName } from "./patterns.js";
import { readRanks } from "./ranks.js";

export interface TiktokenOptions {
  /** One of OpenAI's by name, or an expression in the syntax of Rust. */
  readonly pattern: PatternName | (string & {});
  /** Special tokens with their ids, which the file does not hold. */
  readonly specialTokens?: Readonly<Record<string, number>>;
}

export async function readTiktoken(
  file: Uint8Array,
  options: TiktokenOptions | undefined,
  engine: "auto" | "js",
): Promise<Omit<TokenizerParts, "renderChat">> {
  if (options === undefined)
    throw unsupported("a .tiktoken file without a pattern", "Pass the option tiktoken.");
  const split = patternSplitter(options.pattern, "tiktoken.pattern");
  const steps: Step[] = [{ kind: "split", split }];
  const vocabulary = readRanks(file);
  const parts = partsOf(vocabulary);
  const added = specialTokens(options.specialTokens ?? {});
  return {
    name: "tiktoken",
    rawTokens: addedTokenFinder(added, (token) => token.content, true),
    normalizedTokens: null,
    normalizer: null,
    ...(await accelerated(preTokenizerOf(patternOf(options.pattern)), steps, parts, added, engine)),
    model: bpe(parts),
    readsBytes: true,
    post: buildPostProcessor(undefined),
    truncation: null,
    padding: null,
    cut: options.pattern in PATTERNS ? spaceCuts(added) : null,
    stages: [byteLevelStage],
    table: tokenTable(vocabulary, added),
    specialIds: { all: added.map(({ id }) => id).sort((a, b) => a - b) },
  };
}

/** Splits into what the pattern matches; the rest is left out. */
export function patternSplitter(pattern: PatternName | (string & {}), path: string): Splitter {
  const literal = {
    literal: false,
    source: bounded(patternOf(pattern), path, PATTERN_LENGTH_LIMIT),
  };
  return splitter(matcherOf(literal, path, "rust"), "Removed", true);
}

const patternOf = (pattern: PatternName | (string & {})): string =>
  Object.hasOwn(PATTERNS, pattern) ? PATTERNS[pattern as PatternName] : pattern;

function partsOf(vocabulary: TokenArena): BpeParts {
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
const preTokenizerOf = (pattern: string): object => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
    { type: "ByteLevel", add_prefix_space: false, use_regex: false },
  ],
});

function specialTokens(tokens: Readonly<Record<string, number>>): AddedToken[] {
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
