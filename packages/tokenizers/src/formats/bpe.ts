/**
 * Reads the model of type BPE.
 *
 * Cost     O(vocabulary + merges)
 * Errors   FormatError, CapabilityError with the field's path
 */
import type { BpeParts } from "../models/bpe.js";
import { PairTable } from "../models/pair-table.js";
import type { TokenArena } from "../models/token-arena.js";
import * as read from "./fields.js";
import { readMerges } from "./merges.js";
import { byteTokens, readVocabulary } from "./vocabulary.js";

/** `random`: for a file that leaves merges out at random. */
export function readBpe(
  model: read.Fields,
  random?: () => number,
): Omit<BpeParts, "bytes"> & { vocabulary: TokenArena } {
  read.only(
    model,
    ..."type dropout unk_token continuing_subword_prefix end_of_word_suffix fuse_unk".split(" "),
    ..."byte_fallback ignore_merges vocab merges".split(" "),
  );
  const probability = readDropout(model, random);
  const vocabulary = readVocabulary(model);
  const prefix = read.optionalString(model, "continuing_subword_prefix") ?? "";
  const unknownToken = read.optionalString(model, "unk_token");
  const unknown = unknownToken === undefined ? -1 : vocabulary.get(unknownToken);
  if (unknown === undefined)
    throw read.invalid("model.unk_token", "is not a token of the vocabulary");
  const pairs = readMerges(model, vocabulary, prefix);
  return {
    vocabulary,
    pairs: probability === 1 ? new PairTable(0) : pairs,
    dropout:
      probability > 0 && probability < 1 && random !== undefined
        ? { probability, variant: "hugging-face", random }
        : null,
    ignoreMerges: probability === 0 && read.boolean(model, "ignore_merges", false),
    unknown,
    fuseUnknown: read.boolean(model, "fuse_unk", false),
    byteFallback: read.boolean(model, "byte_fallback", false) ? byteTokens(vocabulary) : null,
    prefix,
    suffix: read.optionalString(model, "end_of_word_suffix") ?? "",
  };
}

/** A dropout between 0 and 1 gives other ids each time: only with numbers that the caller gives. */
function readDropout(model: read.Fields, random: (() => number) | undefined): number {
  const dropout = read.raw(model, "dropout") ?? 0;
  if (typeof dropout !== "number" || !(dropout >= 0 && dropout <= 1))
    throw read.wrong("model.dropout", "null or a number in 0..1", dropout);
  if (dropout > 0 && dropout < 1 && random === undefined)
    throw read.unsupported(
      "model.dropout without a random source",
      "Give loadTokenizer the option random, or set the field to null.",
    );
  return dropout;
}
