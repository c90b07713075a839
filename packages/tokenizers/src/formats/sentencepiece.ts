/**
 * Makes a tokenizer of a SentencePiece model.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226; Kudo, arXiv:1804.10959
 * Cost     O(file)
 * Differs  begin and end tokens are added where the options say so: the file does not know
 * Errors   FormatError; CapabilityError: a begin or end token that the model lacks
 */
import { sentencePieceStage } from "../decoders/sentencepiece.js";
import { ADDED_TOKEN_LENGTH_LIMIT } from "../limits.js";
import type { Model } from "../models/bpe.js";
import { type Prefixes, prefixes } from "../models/prefixes.js";
import { sentencePieceBpe } from "../models/sentencepiece-bpe.js";
import { characters, lookUp, words } from "../models/sentencepiece-words.js";
import { ArenaBuilder, type TokenArena } from "../models/token-arena.js";
import { UNKNOWN_PENALTY, unigram } from "../models/unigram.js";
import { separateUnknown } from "../models/unknown-runs.js";
import { sentencePieceNormalized } from "../normalizers/sentencepiece.js";
import type { PostPiece } from "../post-processors/build.js";
import { tokenTable } from "../token-table.js";
import type { TokenizerParts } from "../tokenizer.js";
import { bounded, unsupported } from "./fields.js";
import { PIECE, readSentencePiece, type SentencePieceFile } from "./sentencepiece-proto.js";
import { byteTokens } from "./vocabulary.js";

export interface SentencePieceOptions {
  /** Begin with the begin token. Default: false. */
  readonly addBos?: boolean;
  /** End with the end token. Default: false. */
  readonly addEos?: boolean;
}

export function sentencePieceParts(
  file: SentencePieceFile,
  { addBos = false, addEos = false }: SentencePieceOptions = {},
): Omit<TokenizerParts, "renderChat"> {
  const vocabulary = arenaOf(file.pieces, () => true);
  const userDefined = prefixes(
    ofType(file, PIECE.userDefined).map((piece) =>
      bounded(piece, "a user-defined piece", ADDED_TOKEN_LENGTH_LIMIT),
    ),
  );
  const rules = { ...file, userDefined };
  const { unk, bos, eos, pad } = file.ids;
  const control = ofType(file, PIECE.control);
  const all = [...control.map((piece) => vocabulary.get(piece)!), unk].sort((a, b) => a - b);
  const ids = { bos, eos, pad, unknown: unk };
  const named = Object.entries(ids).filter(([, id]) => id >= 0);
  return {
    name: "sentencepiece",
    path: { name: "general", reason: "a SentencePiece model has no machine of its own" },
    rawTokens: null,
    normalizedTokens: null,
    normalizer: (text) => sentencePieceNormalized(text, rules),
    steps: [],
    model: modelOf(file, vocabulary, userDefined),
    readsBytes: false,
    engine: null,
    post: around(edge(addBos, bos, "begin"), edge(addEos, eos, "end")),
    truncation: null,
    padding: null,
    cut: null,
    stages: [
      sentencePieceStage({
        ...file,
        control: new Set(control),
        unknown: file.pieces[unk]!,
        bytes: file.types.includes(PIECE.byte),
      }),
    ],
    table: tokenTable(vocabulary, []),
    specialIds: { ...Object.fromEntries(named), all },
  };
}

export const readSentencePieceModel = (
  bytes: Uint8Array,
  options: SentencePieceOptions | undefined,
): Omit<TokenizerParts, "renderChat"> => sentencePieceParts(readSentencePiece(bytes), options);

const ofType = (file: SentencePieceFile, type: number): string[] =>
  file.pieces.filter((_, id) => file.types[id] === type);

/** The pieces whose ids `isWanted` takes. */
function arenaOf(pieces: readonly string[], isWanted: (id: number) => boolean): TokenArena {
  const builder = new ArenaBuilder(pieces.length);
  pieces.forEach((piece, id) => {
    if (!isWanted(id)) return;
    builder.appendText(piece);
    builder.finish(id);
  });
  return builder.build();
}

function edge(wanted: boolean, id: number, name: string): readonly number[] {
  if (!wanted) return [];
  if (id < 0) throw unsupported(`${name} tokens, which the model lacks`);
  return [id];
}

function around(before: readonly number[], after: readonly number[]): TokenizerParts["post"] {
  const ids = (list: readonly number[]): PostPiece[] =>
    list.length === 0 ? [] : [{ text: -1, ids: list, typeId: 0 }];
  const text = (index: 0 | 1): PostPiece => ({ text: index, ids: [], typeId: index });
  return {
    single: { full: [...ids(before), text(0), ...ids(after)], bare: [text(0)] },
    pair: {
      full: [...ids(before), text(0), ...ids(before), text(1), ...ids(after)],
      bare: [text(0), text(1)],
    },
    trims: [],
  };
}

function modelOf(
  file: SentencePieceFile,
  vocabulary: ReadonlyMap<string, number>,
  userDefined: Prefixes | null,
): Model {
  const { types, scores } = file;
  const unknownRun = separateUnknown(
    file.ids.unk,
    file.byteFallback ? byteTokens(vocabulary) : null,
  );
  const isText = (id: number): boolean =>
    [PIECE.normal, PIECE.userDefined, PIECE.unused].includes(types[id]!);
  const ofText =
    file.algorithm === "unigram" ? vocabulary : arenaOf(file.pieces, (id) => isText(id));
  switch (file.algorithm) {
    case "unigram":
      return unigram({
        tokens: file.pieces.map((piece, id) =>
          isText(id) && types[id] !== PIECE.unused ? piece : "",
        ),
        ...unigramScores(file),
        unknown: file.ids.unk,
        singlePrecision: true,
        unknownRun,
      });
    case "bpe":
      return sentencePieceBpe({
        vocabulary: ofText,
        scores,
        isUnused: (id) => types[id] === PIECE.unused,
        userDefined,
        unknownRun,
      });
    case "char":
      return lookUp(characters(userDefined), ofText, unknownRun);
    case "word":
      return lookUp(words(file.suffixMark, file.markOnlyPieces), ofText, unknownRun);
  }
}

/** A user-defined piece counts more than any segmentation of it, a long one more than its parts. */
function unigramScores({ scores, types, pieces }: SentencePieceFile) {
  let least = Number.POSITIVE_INFINITY;
  scores.forEach((score, id) => {
    if (types[id] === PIECE.normal) least = Math.min(least, score);
  });
  return {
    scores: Float64Array.from(scores, (score, id) =>
      types[id] === PIECE.userDefined ? Math.fround([...pieces[id]!].length * 0.1 - 0.1) : score,
    ),
    unknownScore: Math.fround(least - UNKNOWN_PENALTY),
  };
}
