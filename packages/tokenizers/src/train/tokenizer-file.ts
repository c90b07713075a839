/**
 * Puts a trained model and the parts around it together as a tokenizer.json.
 *
 * Shapes   parts  ->  an object for `JSON.stringify` or `loadTokenizer`
 * Paper    none (the format of Hugging Face tokenizers, version 1.0)
 * Cost     O(vocabulary + merges)
 * Differs  an added token that the vocabulary has keeps its id there; the others follow behind the vocabulary in order
 * Errors   ArgumentError: a token twice, an unknown token that is no token; FormatError, CapabilityError: a component that
 *          `loadTokenizer` would refuse
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { buildDecoder } from "../decoders/build.js";
import * as read from "../formats/fields.js";
import { buildNormalizer } from "../normalizers/build.js";
import { buildPostProcessor } from "../post-processors/build.js";
import { buildPreTokenizer } from "../pre-tokenizers/build.js";

/** Two tokens that become one, as the file names them. */
export type Merge = readonly [left: string, right: string];

export interface BpeFileModel {
  readonly type: "BPE";
  /** Tokens by id. */
  readonly vocabulary: readonly string[];
  /** First merge first. */
  readonly merges: readonly Merge[];
  readonly continuingSubwordPrefix?: string | null;
  readonly endOfWordSuffix?: string | null;
  readonly unknownToken?: string | null;
  readonly fuseUnknown?: boolean;
  readonly byteFallback?: boolean;
  /** A word that is a token is that token, whatever the merges make of it. */
  readonly ignoreMerges?: boolean;
}

export interface UnigramFileModel {
  readonly type: "Unigram";
  /** Tokens with their log probabilities, by id. */
  readonly pieces: readonly (readonly [token: string, score: number])[];
  readonly unknownId: number | null;
  readonly byteFallback?: boolean;
}

export interface WordPieceFileModel {
  readonly type: "WordPiece";
  readonly vocabulary: readonly string[];
  /** Default: "[UNK]". */
  readonly unknownToken?: string;
  /** Default: "##". */
  readonly continuingSubwordPrefix?: string;
  /** Longer words are unknown. Default: 100. */
  readonly maxWordLength?: number;
}

export interface WordLevelFileModel {
  readonly type: "WordLevel";
  readonly vocabulary: readonly string[];
  /** Default: "<unk>". */
  readonly unknownToken?: string;
}

export type FileModel = BpeFileModel | UnigramFileModel | WordPieceFileModel | WordLevelFileModel;

export interface FileAddedToken {
  readonly content: string;
  /** Default: true. */
  readonly special?: boolean;
  readonly singleWord?: boolean;
  readonly stripLeft?: boolean;
  readonly stripRight?: boolean;
  /** Found in the normalized text. Default: where it is not special. */
  readonly normalized?: boolean;
}

export interface TokenizerFileParts {
  readonly model: FileModel;
  /**
   * Components as tokenizer.json has them, written as they are given; Hugging Face tokenizers refuses some that lack a field
   * with a default. Default of each: none.
   */
  readonly normalizer?: object | null | undefined;
  readonly preTokenizer?: object | null | undefined;
  readonly postProcessor?: object | null | undefined;
  readonly decoder?: object | null | undefined;
  /** A string is a special token. */
  readonly addedTokens?: readonly (string | FileAddedToken)[] | undefined;
}

export interface TokenizerFile {
  readonly version: "1.0";
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly object[];
  readonly normalizer: object | null;
  readonly pre_tokenizer: object | null;
  readonly post_processor: object | null;
  readonly decoder: object | null;
  readonly model: object;
}

const WHERE = "tokenizerFile";

export function tokenizerFile(parts: TokenizerFileParts): TokenizerFile {
  const ids = idsOf(parts.model);
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: addedTokens(parts.addedTokens ?? [], ids),
    normalizer: checked(parts.normalizer, "normalizer", buildNormalizer),
    pre_tokenizer: checked(parts.preTokenizer, "pre_tokenizer", buildPreTokenizer),
    post_processor: checked(parts.postProcessor, "post_processor", buildPostProcessor),
    decoder: checked(parts.decoder, "decoder", buildDecoder),
    model: modelJson(parts.model, ids),
  };
}

function checked(
  component: object | null | undefined,
  path: string,
  build: (from: read.Fields) => unknown,
): object | null {
  if (component === null || component === undefined) return null;
  build(read.fields(component, path));
  return component;
}

function idsOf(model: FileModel): Map<string, number> {
  const tokens = model.type === "Unigram" ? model.pieces.map(([token]) => token) : model.vocabulary;
  const ids = new Map<string, number>();
  tokens.forEach((token, id) => {
    if (ids.has(token)) throw new ArgumentError(WHERE, `token ${id}`, "a token once", token);
    ids.set(token, id);
  });
  return ids;
}

function addedTokens(
  tokens: readonly (string | FileAddedToken)[],
  ids: ReadonlyMap<string, number>,
): object[] {
  const seen = new Set<string>();
  let next = ids.size;
  const entries = tokens.map((given) => {
    const token = typeof given === "string" ? { content: given } : given;
    const { content, special = true } = token;
    if (content === "" || seen.has(content))
      throw new ArgumentError(
        WHERE,
        "addedTokens",
        "tokens that are not empty, each once",
        content,
      );
    seen.add(content);
    return {
      id: ids.get(content) ?? next++,
      content,
      single_word: token.singleWord ?? false,
      lstrip: token.stripLeft ?? false,
      rstrip: token.stripRight ?? false,
      normalized: token.normalized ?? !special,
      special,
    };
  });
  return entries.sort((a, b) => a.id - b.id);
}

function modelJson(model: FileModel, ids: ReadonlyMap<string, number>): object {
  const known = <T extends string | null>(token: T): T => {
    if (token === null || ids.has(token)) return token;
    const remedy = "Name it among the special tokens of the trainer.";
    throw new ArgumentError(WHERE, "unknownToken", "a token of the vocabulary", token, remedy);
  };
  switch (model.type) {
    case "BPE":
      return {
        type: "BPE",
        dropout: null,
        unk_token: known(model.unknownToken ?? null),
        continuing_subword_prefix: model.continuingSubwordPrefix ?? null,
        end_of_word_suffix: model.endOfWordSuffix ?? null,
        fuse_unk: model.fuseUnknown ?? false,
        byte_fallback: model.byteFallback ?? false,
        ignore_merges: model.ignoreMerges ?? false,
        vocab: Object.fromEntries(ids),
        merges: model.merges,
      };
    case "Unigram":
      return {
        type: "Unigram",
        unk_id: model.unknownId,
        vocab: model.pieces,
        byte_fallback: model.byteFallback ?? false,
      };
    case "WordPiece":
      return {
        type: "WordPiece",
        unk_token: known(model.unknownToken ?? "[UNK]"),
        continuing_subword_prefix: model.continuingSubwordPrefix ?? "##",
        max_input_chars_per_word: model.maxWordLength ?? 100,
        vocab: Object.fromEntries(ids),
      };
    case "WordLevel":
      return {
        type: "WordLevel",
        vocab: Object.fromEntries(ids),
        unk_token: known(model.unknownToken ?? "<unk>"),
      };
  }
}
