/**
 * Encodings of bytes that may end inside a character.
 *
 * Paper    Phan et al., arXiv:2410.09303, for what they are good for
 * Cost     that of encoding the text, and of its last piece twice more
 * Differs  of a text whose last character is not complete nobody can say whether a piece ends before that character: both
 *          ways are given
 * Errors   ArgumentError for bytes that are no UTF-8 before their end, and for a text that the normalizer changes
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { sequenceLength } from "../decoders/bytes.js";
import type { Tokenizer } from "../types.js";

const OPTIONS = {
  addSpecialTokens: false,
  specialTokensAsText: true,
  truncation: null,
  padding: null,
};
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes at the end that begin a character and do not complete it. */
export function unfinishedLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    return sequenceLength(byte) > back ? back : 0;
  }
  return 0;
}

/** The text of whole characters; undefined where the bytes are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** One encoding, or two where the last character is not complete. Undefined for bytes that no text begins with. */
export function byteEncodings(tokenizer: Tokenizer, bytes: Uint8Array): Uint32Array[] | undefined {
  const unfinished = unfinishedLength(bytes);
  const text = textOf(bytes.subarray(0, bytes.length - unfinished));
  if (text === undefined) return undefined;
  const ids = tokenizer.encode(text, OPTIONS);
  if (unfinished === 0) return [ids];
  const rest = bytes.subarray(bytes.length - unfinished);
  const apart = joined(ids, tokenizer.encodePiece(rest));
  const piece = lastPiece(tokenizer, text);
  if (piece === "") return [apart];
  const before = tokenizer.encode(text.slice(0, text.length - piece.length), OPTIONS);
  const whole = new Uint8Array([...new TextEncoder().encode(piece), ...rest]);
  const together = joined(before, tokenizer.encodePiece(whole));
  return sameIds(apart, together) ? [apart] : [apart, together];
}

/** As `byteEncodings`, of a prompt: what no text begins with is the caller's error. */
export function checkedEncodings(tokenizer: Tokenizer, bytes: Uint8Array): Uint32Array[] {
  const encodings = byteEncodings(tokenizer, bytes);
  if (encodings === undefined)
    throw new ArgumentError("coverEncodings", "bytes", "the beginning of a text in UTF-8", bytes);
  for (const ids of encodings) {
    const back = tokenizer.decodeBytes(ids);
    if (back.length !== bytes.length || back.some((byte, i) => byte !== bytes[i]))
      throw new ArgumentError(
        "coverEncodings",
        "bytes",
        "text in the form that the tokenizer's normalizer gives",
        bytes,
      );
  }
  return encodings;
}

function lastPiece(tokenizer: Tokenizer, text: string): string {
  if (text === "") return "";
  const { offsets } = tokenizer.preTokenize(text);
  return text.slice(offsets[offsets.length - 2] ?? 0);
}

export function joined(a: Uint32Array, b: Uint32Array): Uint32Array {
  const out = new Uint32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

export function sameIds(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
