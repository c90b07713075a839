/** Words in the byte alphabet with their counts, as bytes one behind the other. */
import { ArgumentError } from "@frugal/tensor/errors";
import { characterBytes } from "../text/byte-characters.js";
import { checkWords } from "./options.js";
import type { WordCounts } from "./word-counts.js";

export interface ByteWords {
  readonly bytes: Uint8Array;
  /** Where each word begins, and where the last one ends. */
  readonly starts: Int32Array;
  readonly counts: Float64Array;
  /** Bytes of the longest word. */
  readonly longest: number;
}

/** Bytes of all different words: places are exact 32-bit numbers. */
const BYTE_LIMIT = 1 << 30;
const REMEDY = "Count them by wordCounts with a pattern, or with a ByteLevel pre-tokenizer.";

export function byteWords(where: string, words: WordCounts): ByteWords {
  checkWords(where, words);
  let total = 0;
  for (const word of words.keys()) total += word.length;
  if (total > BYTE_LIMIT)
    throw new ArgumentError(where, "words", `at most ${BYTE_LIMIT} bytes in all`, total);
  const bytes = new Uint8Array(total);
  const starts = new Int32Array(words.size + 1);
  const counts = new Float64Array(words.size);
  const decode = byteDecoder(where, "words", REMEDY);
  let longest = 0;
  let at = 0;
  for (const [word, count] of words) {
    const end = starts[at]! + word.length;
    decode(word, bytes.subarray(starts[at]!, end));
    longest = Math.max(longest, word.length);
    counts[at++] = count;
    starts[at] = end;
  }
  return { bytes, starts, counts, longest };
}

/** Writes the bytes of a text in the byte alphabet. */
export function byteDecoder(
  where: string,
  what: string,
  remedy?: string,
): (text: string, into: Uint8Array) => Uint8Array {
  const byteOf = characterBytes();
  return (text, into) => {
    for (let i = 0; i < text.length; i++) {
      const byte = byteOf[text.charCodeAt(i)] ?? -1;
      if (byte === -1) throw new ArgumentError(where, what, "in the byte alphabet", text, remedy);
      into[i] = byte;
    }
    return into;
  };
}
