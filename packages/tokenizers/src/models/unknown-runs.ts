/**
 * What a Unigram model gives for characters that its vocabulary lacks.
 *
 * Cost     O(n) for n units
 * Errors   CapabilityError: no unknown token
 */
import { CapabilityError } from "@frugal/tensor/errors";
import type { AlignedText } from "../text/aligned.js";
import { utf8At } from "../text/byte-characters.js";
import type { TokenSink } from "./sink.js";

export type UnknownRun = (
  aligned: AlignedText,
  start: number,
  end: number,
  sink: TokenSink,
) => void;

/**
 * As in Hugging Face tokenizers: the run is one unknown token, or all its bytes if the vocabulary has every one of them,
 * each with the place of the whole run.
 */
export function fusedUnknown(parts: {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** -1: none. */
  readonly unknown: number;
  /** The id of `<0xNN>`, -1 where there is none; null: no fallback. */
  readonly byteFallback: Int32Array | null;
}): UnknownRun {
  const { vocabulary, unknown, byteFallback } = parts;
  const ids: number[] = [];

  /** False where the vocabulary lacks a byte. */
  function readBytes(text: string, start: number, end: number, bytes: Int32Array): boolean {
    const buffer = new Uint8Array(4);
    ids.length = 0;
    for (let at = start; at < end; ) {
      const count = utf8At(text, at, end, buffer);
      for (let i = 0; i < count; i++) ids.push(bytes[buffer[i]!]!);
      at += count === 4 ? 2 : 1;
    }
    return !ids.includes(-1);
  }

  return (aligned, start, end, sink) => {
    if (unknown < 0)
      throw new CapabilityError("encode", ["an unknown token, which this text needs"]);
    const whole = vocabulary.get(aligned.text.slice(start, end));
    const inBytes =
      whole === undefined &&
      byteFallback !== null &&
      readBytes(aligned.text, start, end, byteFallback);
    if (!inBytes) sink.addFrom(whole ?? unknown, aligned, start, end);
    else for (const id of ids) sink.addFrom(id, aligned, start, end);
  };
}

/** As in SentencePiece: one unknown token for the run, or the bytes of each character with its place. */
export const separateUnknown =
  (unknown: number, byteFallback: Int32Array | null): UnknownRun =>
  (aligned, start, end, sink) => {
    if (byteFallback === null) {
      sink.addFrom(unknown, aligned, start, end);
      return;
    }
    const buffer = new Uint8Array(4);
    for (let at = start; at < end; ) {
      const count = utf8At(aligned.text, at, end, buffer);
      const to = at + (count === 4 ? 2 : 1);
      for (let i = 0; i < count; i++) sink.addFrom(byteFallback[buffer[i]!]!, aligned, at, to);
      at = to;
    }
  };
