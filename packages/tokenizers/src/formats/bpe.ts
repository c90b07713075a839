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

export function readBpe(model: read.Fields): Omit<BpeParts, "bytes"> & { vocabulary: TokenArena } {
  read.only(
    model,
    ..."type dropout unk_token continuing_subword_prefix end_of_word_suffix fuse_unk".split(" "),
    ..."byte_fallback ignore_merges vocab merges".split(" "),
  );
  const dropped = readDropout(model);
  const vocabulary = readVocabulary(model);
  const prefix = read.optionalString(model, "continuing_subword_prefix") ?? "";
  const unknownToken = read.optionalString(model, "unk_token");
  const unknown = unknownToken === undefined ? -1 : vocabulary.get(unknownToken);
  if (unknown === undefined)
    throw read.invalid("model.unk_token", "is not a token of the vocabulary");
  const pairs = readMerges(model, vocabulary, prefix);
  return {
    vocabulary,
    pairs: dropped ? new PairTable(0) : pairs,
    ignoreMerges: !dropped && read.boolean(model, "ignore_merges", false),
    unknown,
    fuseUnknown: read.boolean(model, "fuse_unk", false),
    byteFallback: read.boolean(model, "byte_fallback", false) ? byteTokens(vocabulary) : null,
    prefix,
    suffix: read.optionalString(model, "end_of_word_suffix") ?? "",
  };
}

/** True where every merge is dropped. A dropout between gives other ids each time. */
function readDropout(model: read.Fields): boolean {
  const dropout = read.raw(model, "dropout") ?? 0;
  if (typeof dropout !== "number" || !(dropout >= 0 && dropout <= 1))
    throw read.wrong("model.dropout", "null or a number in 0..1", dropout);
  if (dropout > 0 && dropout < 1)
    throw read.unsupported("model.dropout above 0", "Set it to null.");
  return dropout === 1;
}
