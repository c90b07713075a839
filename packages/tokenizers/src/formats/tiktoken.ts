/**
 * Reads a .tiktoken file: tokens in base64 with their ranks, one a line.
 *
 * Paper    none (the format of OpenAI's tiktoken)
 * Cost     O(file) and the merges of each token's own bytes
 * Differs  the merges that ranks imply are found once, at loading: a token can only be made from the two parts that its
 *          own bytes come to, so the ids are those of merging by rank
 * Errors   FormatError: a line that is none, a rank given twice, a limit; CapabilityError: no pattern
 */
import { FormatError } from "@frugal/tensor/errors";
import { type AddedToken, addedTokenFinder } from "../added-tokens.js";
import { byteLevelStage } from "../decoders/bytes.js";
import { spaceCuts } from "../encoding/cuts.js";
import { ADDED_TOKEN_LENGTH_LIMIT, ID_LIMIT, PATTERN_LENGTH_LIMIT } from "../limits.js";
import { type BpeParts, bpe } from "../models/bpe.js";
import { rankPairs } from "../models/rank-pairs.js";
import { buildPostProcessor } from "../post-processors/build.js";
import { type Splitter, splitter } from "../pre-tokenizers/split.js";
import { matcherOf } from "../regex/matcher.js";
import { byteCharacters } from "../text/byte-characters.js";
import { tokenTable } from "../token-table.js";
import type { TokenizerParts } from "../tokenizer.js";
import { bounded, invalid, unsupported, wholeNumber } from "./fields.js";
import { PATTERNS, type PatternName } from "./patterns.js";

export interface TiktokenOptions {
  /** One of OpenAI's by name, or an expression in the syntax of Rust. */
  readonly pattern: PatternName | (string & {});
  /** Special tokens with their ids, which the file does not hold. */
  readonly specialTokens?: Readonly<Record<string, number>>;
}

const LINE = /^([A-Za-z0-9+/]*={0,2}) (\d{1,10})$/;

/** Whether a file looks like one; only its first line is read. */
export const isTiktoken = (text: string): boolean =>
  LINE.test(text.slice(0, Math.max(0, text.indexOf("\n"))).trimEnd());

export function readTiktoken(
  text: string,
  options: TiktokenOptions | undefined,
): Omit<TokenizerParts, "renderChat"> {
  if (options === undefined)
    throw unsupported("a .tiktoken file without a pattern", "Pass the option tiktoken.");
  const vocabulary = readRanks(text);
  const parts: BpeParts = {
    vocabulary,
    pairs: rankPairs(vocabulary),
    bytes: true,
    ignoreMerges: true,
    unknown: -1,
    fuseUnknown: false,
    byteFallback: null,
    prefix: "",
    suffix: "",
    anyNeighbors: true,
  };
  const added = specialTokens(options.specialTokens ?? {});
  return {
    name: "tiktoken",
    path: { name: "general", reason: "a file of ranks has no machine of its own" },
    rawTokens: addedTokenFinder(added, (token) => token.content, true),
    normalizedTokens: null,
    normalizer: null,
    steps: [{ kind: "split", split: patternSplitter(options.pattern, "tiktoken.pattern") }],
    model: bpe(parts),
    readsBytes: true,
    engine: null,
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
  const source = Object.hasOwn(PATTERNS, pattern) ? PATTERNS[pattern as PatternName] : pattern;
  const literal = { literal: false, source: bounded(source, path, PATTERN_LENGTH_LIMIT) };
  return splitter(matcherOf(literal, path, "rust"), "Removed", true);
}

/** Tokens in the byte alphabet of GPT-2, with their ranks, which are their ids. */
function readRanks(text: string): Map<string, number> {
  const alphabet = Array.from(byteCharacters(), (code) => String.fromCharCode(code));
  const vocabulary = new Map<string, number>();
  const taken = new Set<number>();
  let number = 0;
  for (const line of text.split("\n")) {
    number++;
    if (line.trim() === "") continue;
    const found = LINE.exec(line.trimEnd());
    if (found === null) throw invalid(`line ${number}`, "is not a token in base64 and its rank");
    const rank = wholeNumber(Number(found[2]), `line ${number}`, ID_LIMIT);
    let token = "";
    for (const character of decoded(found[1]!, number)) token += alphabet[character.charCodeAt(0)]!;
    if (taken.has(rank) || vocabulary.has(token))
      throw invalid(`line ${number}`, "repeats a token or a rank");
    taken.add(rank);
    vocabulary.set(token, rank);
  }
  const missing = alphabet.findIndex((character) => !vocabulary.has(character));
  if (missing >= 0)
    throw new FormatError(
      "loadTokenizer",
      `the ranks lack the byte ${missing}, so some texts have no ids`,
    );
  return vocabulary;
}

function decoded(base64: string, line: number): string {
  try {
    return atob(base64);
  } catch (cause) {
    throw invalid(`line ${line}`, "is not base64", cause);
  }
}

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
