/**
 * Writes a SentencePiece model file: what `loadTokenizer` and SentencePiece itself load.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226; sentencepiece_model.proto
 * Shapes   a trained model  ->  the bytes of a .model file
 * Cost     O(pieces)
 * Differs  no self test; of the training, the options that this package has
 */
import { MessageWriter } from "../formats/protobuf-writer.js";
import { PIECE } from "../formats/sentencepiece-proto.js";
import type { TrainedSentencePiece } from "./sentencepiece.js";
import { MODEL_TYPES, type SentencePieceSpec } from "./sentencepiece-options.js";

export function sentencePieceFile({
  pieces,
  scores,
  types,
  spec,
}: Pick<TrainedSentencePiece, "pieces" | "scores" | "types" | "spec">): Uint8Array<ArrayBuffer> {
  const file = new MessageWriter();
  pieces.forEach((piece, id) => {
    file.message(1, (message) => {
      message.text(1, piece);
      message.float(2, scores[id]!);
      if (types[id] !== PIECE.normal) message.varint(3, types[id]!);
    });
  });
  file.message(2, (message) => writeTrainer(message, spec, pieces.length));
  file.message(3, (message) => writeRules(message, spec));
  return file.finished();
}

/** Fields by their numbers in the definition of the format. */
function writeTrainer(message: MessageWriter, spec: SentencePieceSpec, size: number): void {
  message.varint(3, MODEL_TYPES.indexOf(spec.modelType) + 1);
  message.varint(4, size);
  message.float(10, spec.characterCoverage);
  message.varint(14, Math.min(spec.seedSize, 0x7fffffff));
  message.float(15, spec.shrinkingFactor);
  message.varint(17, spec.subIterations);
  message.varint(18, spec.maxSentenceLength);
  message.varint(20, spec.maxPieceLength);
  message.flag(21, spec.splitByUnicodeScript);
  message.flag(22, spec.splitByWhitespace);
  message.flag(23, spec.splitByNumber);
  message.flag(24, spec.treatWhitespaceAsSuffix);
  message.flag(25, spec.splitDigits);
  message.flag(26, spec.allowWhitespaceOnlyPieces);
  for (const symbol of spec.controlSymbols) message.text(30, symbol);
  for (const symbol of spec.userDefinedSymbols) message.text(31, symbol);
  message.flag(33, spec.hardVocabularyLimit);
  message.flag(34, spec.useAllVocabulary);
  message.flag(35, spec.byteFallback);
  if (spec.requiredCharacters !== "") message.text(36, spec.requiredCharacters);
  const { ids, names } = spec;
  message.varint(40, ids.unknown);
  message.varint(41, ids.bos);
  message.varint(42, ids.eos);
  message.varint(43, ids.pad);
  message.text(44, spec.unknownSurface);
  message.text(45, names.unknown);
  message.text(46, names.bos);
  message.text(47, names.eos);
  message.text(48, names.pad);
}

function writeRules(message: MessageWriter, spec: SentencePieceSpec): void {
  message.text(1, spec.characterMap === null ? "identity" : "user_defined");
  if (spec.characterMap !== null) message.bytes(2, spec.characterMap);
  message.flag(3, spec.addDummyPrefix);
  message.flag(4, spec.removeExtraWhitespaces);
  message.flag(5, true);
}
