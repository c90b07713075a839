/**
 * Trains a WordPiece vocabulary: byte-pair merges whose tokens within a word bear a prefix.
 *
 * Paper    after Schuster and Nakajima, 2012; the trainer of Hugging Face tokenizers
 * Shapes   words with their counts  ->  tokens by id: special tokens, the alphabet, characters with the prefix, merged tokens
 * Cost     that of trainBpe
 * Differs  merges the most frequent pair, as the reference does, not the one that makes the words most probable, as the
 *          paper does. Otherwise as trainBpe
 * Errors   those of trainBpe
 */
import { type TrainBpeOptions, trainBpeAs } from "./bpe.js";
import type { WordPieceFileModel } from "./tokenizer-file.js";
import type { WordCounts } from "./word-counts.js";

/** `continuingSubwordPrefix` is "##" by default; name the unknown token among the special ones. */
export type TrainWordPieceOptions = TrainBpeOptions;

export interface TrainedWordPiece extends WordPieceFileModel {
  readonly continuingSubwordPrefix: string;
}

export async function trainWordPiece(
  words: WordCounts,
  given: TrainWordPieceOptions = {},
): Promise<TrainedWordPiece> {
  const continuingSubwordPrefix = given.continuingSubwordPrefix ?? "##";
  const trained = await trainBpeAs("trainWordPiece", words, { ...given, continuingSubwordPrefix });
  return { type: "WordPiece", vocabulary: trained.vocabulary, continuingSubwordPrefix };
}
