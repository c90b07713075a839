/**
 * Reads the model of a tokenizer.json: BPE, Unigram, WordPiece, WordLevel; without `type`, by its fields.
 *
 * Cost     O(vocabulary + merges)
 * Errors   FormatError, CapabilityError with the field's path
 */
import { ID_LIMIT } from "../limits.js";
import { type BpeParts, bpe, type Model } from "../models/bpe.js";
import type { TokenArena } from "../models/token-arena.js";
import { UNKNOWN_PENALTY, unigram } from "../models/unigram.js";
import { fusedUnknown } from "../models/unknown-runs.js";
import { wordLevel } from "../models/word-level.js";
import { wordPiece } from "../models/word-piece.js";
import { readBpe } from "./bpe.js";
import * as read from "./fields.js";
import { JsonSpan } from "./json-cursor.js";
import { byteTokens, readPieces, readVocabulary } from "./vocabulary.js";

export interface LoadedModel {
  readonly model: Model;
  readonly vocabulary: TokenArena;
  /** -1: none. */
  readonly unknown: number;
  /** Of a BPE model. */
  readonly bpe: BpeParts | null;
}

/** `bytes`: the pre-tokenizer ends in the byte alphabet. */
export function readModel(model: read.Fields, bytes: boolean, random?: () => number): LoadedModel {
  const type = read.optionalString(model, "type") ?? typeByShape(model);
  switch (type) {
    case "BPE": {
      const parts = { ...readBpe(model, random), bytes };
      return { ...parts, model: bpe(parts), bpe: parts };
    }
    case "Unigram":
      return readUnigram(model);
    case "WordPiece":
      return readWordPiece(model);
    case "WordLevel": {
      read.only(model, "type", "vocab", "unk_token");
      const parts = wordParts(model, "<unk>");
      return { ...parts, model: wordLevel(parts), bpe: null };
    }
    default:
      throw read.unsupported(`model of type ${JSON.stringify(type)}`);
  }
}

function typeByShape(model: read.Fields): string {
  const has = (key: string): boolean => read.raw(model, key) !== undefined;
  if (has("merges")) return "BPE";
  if (has("max_input_chars_per_word")) return "WordPiece";
  const vocabulary = read.raw(model, "vocab");
  const isList = vocabulary instanceof JsonSpan ? vocabulary.isList : Array.isArray(vocabulary);
  return isList ? "Unigram" : "WordLevel";
}

function wordParts(model: read.Fields, fallback: string) {
  const vocabulary = readVocabulary(model);
  const unknown = vocabulary.get(read.string(model, "unk_token", fallback)) ?? -1;
  return { vocabulary, unknown };
}

function readWordPiece(model: read.Fields): LoadedModel {
  read.only(
    model,
    ..."type vocab unk_token continuing_subword_prefix max_input_chars_per_word".split(" "),
  );
  const parts = {
    ...wordParts(model, "[UNK]"),
    prefix: read.string(model, "continuing_subword_prefix", "##"),
    longestWord: read.whole(model, "max_input_chars_per_word", Number.MAX_SAFE_INTEGER, 100),
  };
  return { ...parts, model: wordPiece(parts), bpe: null };
}

function readUnigram(model: read.Fields): LoadedModel {
  read.only(model, "type", "vocab", "unk_id", "byte_fallback");
  const { vocabulary, scores } = readPieces(model);
  const unknown =
    (read.raw(model, "unk_id") ?? null) === null ? -1 : read.whole(model, "unk_id", ID_LIMIT);
  if (unknown >= scores.length) throw read.invalid("model.unk_id", "is not in the vocabulary");
  const byteFallback = read.boolean(model, "byte_fallback", false) ? byteTokens(vocabulary) : null;
  const unknownScore =
    scores.reduce((least, score) => Math.min(least, score), Infinity) - UNKNOWN_PENALTY;
  const unknownRun = fusedUnknown({ vocabulary, unknown, byteFallback });
  const tokens = vocabulary.texts();
  const parts = { tokens, scores, unknown, unknownScore, singlePrecision: false, unknownRun };
  return { model: unigram(parts), vocabulary, unknown, bpe: null };
}
