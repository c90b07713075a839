/**
 * Reads the tokenizer inside a GGUF file: `gpt2` (byte-level BPE), `llama` (SentencePiece BPE), `t5` (SentencePiece
 * unigram), `bert` (WordPiece).
 *
 * Paper    none (the keys tokenizer.ggml.* of the GGUF specification)
 * Cost     O(metadata)
 * Differs  a byte-level tokenizer and WordPiece are read as the tokenizer.json that they stand for
 * Errors   FormatError: an entry that is none; CapabilityError: another model, a split that is not known by its name
 */
import type { AddedToken } from "../added-tokens.js";
import { addedTokenFinder } from "../added-tokens.js";
import { ArenaBuilder, type TokenArena } from "../models/token-arena.js";
import { Charsmap } from "../normalizers/charsmap.js";
import type { TokenizerParts } from "../tokenizer.js";
import { invalid, unsupported, wrong } from "./fields.js";
import { type GgufValue, readGgufMetadata } from "./gguf-metadata.js";
import { splitNamed } from "./gguf-splits.js";
import { sentencePieceParts } from "./sentencepiece.js";
import { PIECE, type SentencePieceFile } from "./sentencepiece-proto.js";

type Entries = ReadonlyMap<string, GgufValue>;

export interface GgufTokenizer {
  /** A tokenizer.json, or the parts of a SentencePiece model. */
  readonly json: object | null;
  readonly parts: Omit<TokenizerParts, "renderChat"> | null;
  /** What a tokenizer_config.json would hold. */
  readonly config: object;
}

export function readGguf(bytes: Uint8Array): GgufTokenizer {
  const entries = readGgufMetadata(bytes, "tokenizer.", ["tokenizer.ggml.merges"]);
  const model = entries.get("ggml.model");
  const tokens = strings(entries, "ggml.tokens");
  const given = entries.get("ggml.token_type");
  const types =
    given === undefined ? tokens.map(() => PIECE.normal) : numbers(entries, "ggml.token_type");
  if (types.length !== tokens.length)
    throw invalid("tokenizer.ggml.token_type", "has another length");
  const config = configOf(entries, tokens);
  if (model === "gpt2") return { json: byteLevelJson(entries, tokens, types), parts: null, config };
  if (model === "bert") return { json: wordPieceJson(entries, tokens, types), parts: null, config };
  if (model === "llama" || model === "t5")
    return { json: null, parts: pieceParts(entries, tokens, types, model), config };
  throw unsupported(`tokenizer.ggml.model ${JSON.stringify(model)}`);
}

function pieceParts(
  entries: Entries,
  pieces: readonly string[],
  types: readonly number[],
  model: "llama" | "t5",
): Omit<TokenizerParts, "renderChat"> {
  const charsmap = entries.get("ggml.precompiled_charsmap");
  const unk = types.indexOf(PIECE.unknown);
  if (unk < 0) throw invalid("tokenizer.ggml.tokens", "hold no unknown token");
  const file: SentencePieceFile = {
    pieces,
    scores: Float32Array.from(numbers(entries, "ggml.scores")),
    types: Uint8Array.from(types),
    algorithm: model === "llama" ? "bpe" : "unigram",
    suffixMark: false,
    markOnlyPieces: false,
    byteFallback: types.includes(PIECE.byte),
    unknownSurface: " \u2047 ",
    ids: {
      unk,
      bos: id(entries, "ggml.bos_token_id"),
      eos: id(entries, "ggml.eos_token_id"),
      pad: id(entries, "ggml.padding_token_id"),
    },
    charsmap:
      charsmap === undefined
        ? null
        : new Charsmap(
            Uint8Array.from(numbers(entries, "ggml.precompiled_charsmap")),
            "tokenizer.ggml.precompiled_charsmap",
          ),
    dummyPrefix: flag(entries, "ggml.add_space_prefix", true),
    trimSpaces: flag(entries, "ggml.remove_extra_whitespaces", model === "t5"),
    escapeSpaces: true,
  };
  if (file.scores.length !== pieces.length)
    throw invalid("tokenizer.ggml.scores", "have another length");
  const parts = sentencePieceParts(file, {
    addBos: flag(entries, "ggml.add_bos_token", model === "llama"),
    addEos: flag(entries, "ggml.add_eos_token", model === "t5"),
  });
  const special = pieces.flatMap((content, at) =>
    types[at] === PIECE.control ? [plainToken(at, content)] : [],
  );
  return { ...parts, name: "gguf", rawTokens: addedTokenFinder(special, (token) => token.content) };
}

const plainToken = (at: number, content: string): AddedToken => ({
  id: at,
  content,
  singleWord: false,
  stripLeft: false,
  stripRight: false,
  normalized: false,
  special: true,
});

function byteLevelJson(
  entries: Entries,
  tokens: readonly string[],
  types: readonly number[],
): object {
  const prefixSpace = flag(entries, "ggml.add_space_prefix", false);
  return {
    version: "1.0",
    added_tokens: addedTokens(tokens, types),
    pre_tokenizer: splitNamed(String(entries.get("ggml.pre") ?? "default"), prefixSpace),
    post_processor: template(entries, tokens),
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab: vocabulary(tokens), merges: entries.get("ggml.merges") },
  };
}

/** Tokens at the start of a word carry a mark here, those inside it nothing. */
function wordPieceJson(
  entries: Entries,
  tokens: readonly string[],
  types: readonly number[],
): object {
  const names = tokens.map((token, at) => {
    if (types[at] === PIECE.control || types[at] === PIECE.unknown) return token;
    return token.startsWith("\u2581") ? token.slice(1) : `##${token}`;
  });
  const unknown = names[id(entries, "ggml.unknown_token_id")] ?? "[UNK]";
  return {
    version: "1.0",
    added_tokens: addedTokens(names, types),
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: bertProcessor(entries, names),
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: { type: "WordPiece", vocab: vocabulary(names), unk_token: unknown },
  };
}

function bertProcessor(entries: Entries, names: readonly string[]): object | null {
  const [cls, sep] = [
    Math.max(id(entries, "ggml.cls_token_id"), id(entries, "ggml.bos_token_id")),
    Math.max(id(entries, "ggml.seperator_token_id"), id(entries, "ggml.eos_token_id")),
  ];
  if (cls < 0 || sep < 0) return null;
  return { type: "BertProcessing", cls: [names[cls], cls], sep: [names[sep], sep] };
}

function vocabulary(tokens: readonly string[]): TokenArena {
  const builder = new ArenaBuilder(tokens.length);
  tokens.forEach((token, at) => {
    builder.appendText(token);
    builder.finish(at);
  });
  const arena = builder.build(true);
  if (arena.size < arena.count) throw invalid("tokenizer.ggml.tokens", "repeat a token");
  return arena;
}

const addedTokens = (tokens: readonly string[], types: readonly number[]): object[] =>
  tokens.flatMap((content, at) =>
    types[at] === PIECE.control || types[at] === PIECE.userDefined
      ? [{ id: at, content, special: types[at] === PIECE.control, normalized: false }]
      : [],
  );

function template(entries: Entries, tokens: readonly string[]): object | null {
  const [bos, eos] = [id(entries, "ggml.bos_token_id"), id(entries, "ggml.eos_token_id")];
  const ids = [
    flag(entries, "ggml.add_bos_token", false) ? bos : -1,
    flag(entries, "ggml.add_eos_token", false) ? eos : -1,
  ].filter((at) => at >= 0);
  if (ids.length === 0) return null;
  const piece = (at: number): object[] =>
    at >= 0 && ids.includes(at) ? [{ SpecialToken: { id: tokens[at], type_id: 0 } }] : [];
  const around = (text: object[]): object[] => [
    ...(flag(entries, "ggml.add_bos_token", false) ? piece(bos) : []),
    ...text,
    ...(flag(entries, "ggml.add_eos_token", false) ? piece(eos) : []),
  ];
  const text = (name: string, type: number) => ({ Sequence: { id: name, type_id: type } });
  return {
    type: "TemplateProcessing",
    single: around([text("A", 0)]),
    pair: [...around([text("A", 0)]), ...around([text("B", 1)])],
    special_tokens: Object.fromEntries(
      ids.map((at) => [tokens[at], { id: tokens[at], ids: [at], tokens: [tokens[at]] }]),
    ),
  };
}

function configOf(entries: Entries, tokens: readonly string[]): object {
  const roles = { bos: "bos", eos: "eos", unk: "unknown", pad: "padding" } as const;
  const named = Object.entries(roles).flatMap(([role, key]) => {
    const token = tokens[id(entries, `ggml.${key}_token_id`)];
    return token === undefined ? [] : [[`${role}_token`, token]];
  });
  const chat = entries.get("chat_template");
  return { ...Object.fromEntries(named), ...(chat === undefined ? {} : { chat_template: chat }) };
}

function strings(entries: Entries, key: string): readonly string[] {
  const value = entries.get(key);
  if (!Array.isArray(value) || value.some((item) => typeof item !== "string"))
    throw wrong(`tokenizer.${key}`, "a list of texts", value);
  return value as readonly string[];
}

function numbers(entries: Entries, key: string): readonly number[] {
  const value = entries.get(key);
  if (!Array.isArray(value) || value.some((item) => typeof item !== "number"))
    throw wrong(`tokenizer.${key}`, "a list of numbers", value);
  return value as readonly number[];
}

function flag(entries: Entries, key: string, fallback: boolean): boolean {
  const value = entries.get(key) ?? fallback;
  if (typeof value !== "boolean") throw wrong(`tokenizer.${key}`, "true or false", value);
  return value;
}

/** -1: none. */
function id(entries: Entries, key: string): number {
  const value = entries.get(key) ?? -1;
  if (typeof value !== "number") throw wrong(`tokenizer.${key}`, "an id", value);
  return value;
}
