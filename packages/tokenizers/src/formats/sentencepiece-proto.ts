/**
 * Reads a SentencePiece model: pieces with scores and types, and what of the training matters for encoding.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226; sentencepiece_model.proto
 * Cost     O(file)
 * Errors   FormatError: not such a message, a piece given twice, no unknown piece, a limit
 */
import { ID_LIMIT } from "../limits.js";
import { Charsmap } from "../normalizers/charsmap.js";
import { invalid } from "./fields.js";
import { eachField, signed, textOf } from "./protobuf.js";

export const PIECE = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 };

export interface SentencePieceFile {
  readonly pieces: readonly string[];
  readonly scores: Float32Array;
  readonly types: Uint8Array;
  readonly algorithm: "unigram" | "bpe" | "word" | "char";
  readonly suffixMark: boolean;
  readonly markOnlyPieces: boolean;
  readonly byteFallback: boolean;
  readonly unknownSurface: string;
  /** -1: none. */
  readonly ids: {
    readonly unk: number;
    readonly bos: number;
    readonly eos: number;
    readonly pad: number;
  };
  readonly charsmap: Charsmap | null;
  readonly dummyPrefix: boolean;
  readonly trimSpaces: boolean;
  readonly escapeSpaces: boolean;
}

const ALGORITHMS = ["unigram", "bpe", "word", "char"] as const;

export function readSentencePiece(file: Uint8Array): SentencePieceFile {
  const pieces: string[] = [];
  const scores: number[] = [];
  const types: number[] = [];
  const trainer = {
    algorithm: 1,
    suffixMark: false,
    markOnlyPieces: false,
    byteFallback: false,
    unknownSurface: " \u2047 ",
    bos: "<s>",
    eos: "</s>",
    pad: "<pad>",
  };
  const rules = { charsmap: null as Charsmap | null, dummy: true, trim: true, escape: true };
  eachField(file, ({ number, bytes }) => {
    if (number === 1) readPiece(bytes, pieces, scores, types);
    else if (number === 2) readTrainer(bytes, trainer);
    else if (number === 3) readRules(bytes, rules);
  });
  const algorithm = ALGORITHMS[trainer.algorithm - 1];
  if (algorithm === undefined) throw invalid("trainer_spec.model_type", `is ${trainer.algorithm}`);
  const seen = new Set<string>();
  pieces.forEach((piece, id) => {
    if (piece === "" || seen.has(piece)) throw invalid(`pieces[${id}]`, "is empty or given twice");
    seen.add(piece);
  });
  seen.clear();
  const unk = types.indexOf(PIECE.unknown);
  if (unk < 0 || types.lastIndexOf(PIECE.unknown) !== unk)
    throw invalid("pieces", "hold no unknown piece, or several");
  const control = (piece: string): number => {
    const id = pieces.indexOf(piece);
    return id >= 0 && types[id] === PIECE.control ? id : -1;
  };
  return {
    pieces,
    scores: Float32Array.from(scores),
    types: Uint8Array.from(types),
    algorithm,
    suffixMark: trainer.suffixMark,
    markOnlyPieces: trainer.markOnlyPieces,
    byteFallback: trainer.byteFallback,
    unknownSurface: trainer.unknownSurface,
    ids: { unk, bos: control(trainer.bos), eos: control(trainer.eos), pad: control(trainer.pad) },
    charsmap: rules.charsmap,
    dummyPrefix: rules.dummy,
    trimSpaces: rules.trim,
    escapeSpaces: rules.escape,
  };
}

function readPiece(message: Uint8Array, pieces: string[], scores: number[], types: number[]): void {
  const path = `pieces[${pieces.length}]`;
  if (pieces.length >= ID_LIMIT) throw invalid("pieces", `are more than ${ID_LIMIT}`);
  let piece = "";
  let score = 0;
  let type = PIECE.normal;
  eachField(message, (field) => {
    if (field.number === 1) piece = textOf(field.bytes, path);
    else if (field.number === 2) score = field.float;
    else if (field.number === 3) type = field.value;
  });
  if (!Number.isFinite(score) || type < PIECE.normal || type > PIECE.byte)
    throw invalid(path, "has a score or a type that is none");
  pieces.push(piece);
  scores.push(score);
  types.push(type);
}

function readTrainer(
  message: Uint8Array,
  into: {
    algorithm: number;
    suffixMark: boolean;
    markOnlyPieces: boolean;
    byteFallback: boolean;
    unknownSurface: string;
    bos: string;
    eos: string;
    pad: string;
  },
): void {
  eachField(message, ({ number, value, bytes }) => {
    const text = (): string => textOf(bytes, "trainer_spec");
    if (number === 3) into.algorithm = signed(value);
    else if (number === 24) into.suffixMark = value !== 0;
    else if (number === 26) into.markOnlyPieces = value !== 0;
    else if (number === 35) into.byteFallback = value !== 0;
    else if (number === 44) into.unknownSurface = text();
    else if (number === 46) into.bos = text();
    else if (number === 47) into.eos = text();
    else if (number === 48) into.pad = text();
  });
}

function readRules(
  message: Uint8Array,
  into: { charsmap: Charsmap | null; dummy: boolean; trim: boolean; escape: boolean },
): void {
  eachField(message, ({ number, value, bytes }) => {
    if (number === 2 && bytes.length > 0)
      into.charsmap = new Charsmap(bytes, "normalizer_spec.precompiled_charsmap");
    else if (number === 3) into.dummy = value !== 0;
    else if (number === 4) into.trim = value !== 0;
    else if (number === 5) into.escape = value !== 0;
  });
}
