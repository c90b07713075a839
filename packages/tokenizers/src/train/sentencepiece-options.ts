/**
 * The options of SentencePiece's trainer, checked, and the pieces that they name.
 *
 * Errors   ArgumentError that names the option
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { PIECE } from "../formats/sentencepiece-proto.js";
import { byteTokenName } from "../formats/vocabulary.js";
import * as options from "./options.js";
import type { JobOptions } from "./pace.js";
import { emOptions, type UnigramEmOptions } from "./unigram-options.js";

export type SentencePieceModelType = "unigram" | "bpe" | "char" | "word";

/** Where a piece stands: -1 for none. */
export interface SentencePieceIds {
  readonly unknown?: number;
  readonly bos?: number;
  readonly eos?: number;
  readonly pad?: number;
}

export interface SentencePieceNames {
  readonly unknown?: string;
  readonly bos?: string;
  readonly eos?: string;
  readonly pad?: string;
}

export interface TrainSentencePieceOptions extends JobOptions, UnigramEmOptions {
  /** Default: "unigram". */
  readonly modelType?: SentencePieceModelType;
  /** Pieces in all. Default: 8000. */
  readonly vocabularySize?: number;
  /** Fewer pieces than `vocabularySize` are an error; of no account for `char`. Default: true. */
  readonly hardVocabularyLimit?: boolean;
  /** All words or characters, whatever `vocabularySize`: for `word` and `char`. Default: false. */
  readonly useAllVocabulary?: boolean;
  /** The share of the text whose characters get a piece, the frequent ones first: 0.98..1. Default: 0.9995. */
  readonly characterCoverage?: number;
  /** Characters that get a piece in any case. Default: none. */
  readonly requiredCharacters?: string;
  /** Lines of more bytes of UTF-8 are left out, and counted. Default: 4192. */
  readonly maxSentenceLength?: number;
  /** No piece reaches over a space. Default: true. */
  readonly splitByWhitespace?: boolean;
  /** No piece holds characters of two scripts. Default: true. */
  readonly splitByUnicodeScript?: boolean;
  /** Digits count as a script of their own kind (common); otherwise they fit any. Default: true. */
  readonly splitByNumber?: boolean;
  /** Each digit is a piece. Default: false. */
  readonly splitDigits?: boolean;
  /** The mark of a space ends a piece instead of beginning one. Default: false. */
  readonly treatWhitespaceAsSuffix?: boolean;
  /** Default: false. */
  readonly allowWhitespaceOnlyPieces?: boolean;
  /** Pieces for all 256 bytes, for characters without a piece. Default: false. */
  readonly byteFallback?: boolean;
  /** Pieces that no text holds. Default: none. */
  readonly controlSymbols?: readonly string[];
  /** Pieces that a text is always cut at. Default: none. */
  readonly userDefinedSymbols?: readonly string[];
  /** Default: 0, 1, 2, -1. */
  readonly ids?: SentencePieceIds;
  /** Default: `<unk>`, `<s>`, `</s>`, `<pad>`. */
  readonly names?: SentencePieceNames;
  /** What an unknown piece is decoded to. Default: " ⁇ ". */
  readonly unknownSurface?: string;
  /** A space before each text. Default: true. */
  readonly addDummyPrefix?: boolean;
  /** Spaces at the ends, and those behind another one, are dropped. Default: true. */
  readonly removeExtraWhitespaces?: boolean;
  /**
   * A compiled character map, such as that of another model; SentencePiece's own rules are not part of this package. Default:
   * none, which SentencePiece calls identity.
   */
  readonly characterMap?: Uint8Array;
}

export interface MetaPiece {
  readonly piece: string;
  readonly type: number;
}

type Resolved = Required<
  Omit<
    TrainSentencePieceOptions,
    keyof JobOptions | keyof UnigramEmOptions | "characterMap" | "ids" | "names"
  >
>;

export interface SentencePieceSpec extends Resolved {
  readonly ids: Required<SentencePieceIds>;
  readonly names: Required<SentencePieceNames>;
  readonly characterMap: Uint8Array | null;
  readonly shrinkingFactor: number;
  readonly subIterations: number;
  readonly maxPieceLength: number;
  readonly seedSize: number;
}

const WHERE = "trainSentencePiece";
export const MODEL_TYPES: readonly SentencePieceModelType[] = ["unigram", "bpe", "word", "char"];
const LINE_LENGTH_LIMIT = 1 << 30;

export function sentencePieceSpec(given: TrainSentencePieceOptions): SentencePieceSpec {
  const flag = (name: keyof TrainSentencePieceOptions, fallback: boolean): boolean => {
    const value = given[name] ?? fallback;
    if (typeof value !== "boolean") throw new ArgumentError(WHERE, name, "true or false", value);
    return value;
  };
  const { modelType = "unigram", characterCoverage = 0.9995, characterMap = null } = given;
  if (!MODEL_TYPES.includes(modelType))
    throw new ArgumentError(WHERE, "modelType", MODEL_TYPES.join(", "), modelType);
  if (!(characterCoverage >= 0.98 && characterCoverage <= 1))
    throw new ArgumentError(WHERE, "characterCoverage", "in 0.98..1", characterCoverage);
  const maxSentenceLength = options.whole(
    WHERE,
    "maxSentenceLength",
    given.maxSentenceLength,
    4192,
  );
  if (maxSentenceLength < 10 || maxSentenceLength > LINE_LENGTH_LIMIT)
    throw new ArgumentError(WHERE, "maxSentenceLength", "in 10..2^30", maxSentenceLength);
  const useAllVocabulary = flag("useAllVocabulary", false);
  if (useAllVocabulary && (modelType === "unigram" || modelType === "bpe"))
    throw new ArgumentError(WHERE, "useAllVocabulary", "false but for word and char", true);
  return {
    ...emOptions(WHERE, given),
    modelType,
    vocabularySize: options.vocabularySize(WHERE, given.vocabularySize ?? 8000),
    hardVocabularyLimit: flag("hardVocabularyLimit", true),
    useAllVocabulary,
    characterCoverage,
    requiredCharacters: given.requiredCharacters ?? "",
    maxSentenceLength,
    splitByWhitespace: flag("splitByWhitespace", true),
    splitByUnicodeScript: flag("splitByUnicodeScript", true),
    splitByNumber: flag("splitByNumber", true),
    splitDigits: flag("splitDigits", false),
    treatWhitespaceAsSuffix: flag("treatWhitespaceAsSuffix", false),
    allowWhitespaceOnlyPieces: flag("allowWhitespaceOnlyPieces", false),
    byteFallback: flag("byteFallback", false),
    controlSymbols: options.specialTokens(WHERE, given.controlSymbols),
    userDefinedSymbols: options.specialTokens(WHERE, given.userDefinedSymbols),
    ids: { unknown: 0, bos: 1, eos: 2, pad: -1, ...given.ids },
    names: { unknown: "<unk>", bos: "<s>", eos: "</s>", pad: "<pad>", ...given.names },
    unknownSurface: given.unknownSurface ?? " \u2047 ",
    addDummyPrefix: flag("addDummyPrefix", true),
    removeExtraWhitespaces: flag("removeExtraWhitespaces", true),
    characterMap,
  };
}

/** The pieces that are not learned, by id. */
export function metaPieces(spec: SentencePieceSpec): Map<number, MetaPiece> {
  const { ids, names } = spec;
  const pieces = new Map<number, MetaPiece>();
  for (const role of ["unknown", "bos", "eos", "pad"] as const) {
    const [id, piece] = [ids[role], names[role]];
    if (id < 0 && role !== "unknown") continue;
    if (!Number.isInteger(id) || id < 0 || id >= spec.vocabularySize || pieces.has(id))
      throw new ArgumentError(WHERE, `ids.${role}`, "a free id of the vocabulary", id);
    if (typeof piece !== "string" || piece === "")
      throw new ArgumentError(WHERE, `names.${role}`, "a text", piece);
    pieces.set(id, { piece, type: role === "unknown" ? PIECE.unknown : PIECE.control });
  }
  const named = new Set<string>();
  let next = 0;
  const add = (argument: string, piece: string, type: number): void => {
    if (named.has(piece) || piece === names.unknown)
      throw new ArgumentError(
        WHERE,
        argument,
        "free of repetition and of the unknown piece",
        piece,
      );
    named.add(piece);
    const role = (["bos", "eos", "pad"] as const).find((r) => names[r] === piece && ids[r] >= 0);
    while (pieces.has(next)) next++;
    pieces.set(role === undefined ? next : ids[role], { piece, type });
  };
  for (const piece of spec.controlSymbols) add("controlSymbols", piece, PIECE.control);
  for (const piece of spec.userDefinedSymbols) add("userDefinedSymbols", piece, PIECE.userDefined);
  if (spec.byteFallback)
    for (let byte = 0; byte < 256; byte++) add("byteFallback", byteTokenName(byte), PIECE.byte);
  return pieces;
}
