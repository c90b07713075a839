/**
 * Reads a .tiktoken file: tokens in base64 with their ranks, one a line.
 *
 * Paper    none (the format of OpenAI's tiktoken)
 * Cost     O(file) and the merges of each token's own bytes
 * Differs  the merges that ranks imply are found once, at loading: a token can only be made from the two parts that its
 *          own bytes come to, so the ids are those of merging by rank
 * Errors   those of ranks.ts; FormatError: a pattern or special token that is none; CapabilityError: no pattern
 */
import { addedTokenFinder } from "../added-tokens.js";
import { byteLevelStage } from "../decoders/bytes.js";
import { spaceCuts } from "../encoding/cuts.js";
import { accelerated } from "../engine/build.js";
import { PATTERN_LENGTH_LIMIT } from "../limits.js";
import { bpe } from "../models/bpe.js";
import { buildPostProcessor } from "../post-processors/build.js";
import type { Step } from "../pre-tokenizers/build.js";
import { type Splitter, splitter } from "../pre-tokenizers/split.js";
import { matcherOf } from "../regex/matcher.js";
import { tokenTable } from "../token-table.js";
import type { TokenizerParts } from "../tokenizer.js";
import { bounded, unsupported } from "./fields.js";
import { PATTERNS, type PatternName } from "./patterns.js";
import { patternOf, preTokenizerOf, rankParts, specialTokens } from "./rank-parts.js";
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
  const parts = rankParts(vocabulary);
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
