/**
 * Splits a text into the words of a hierarchical autoregressive transformer.
 *
 * Paper    HAT, arXiv:2501.10322, by the rule of its released splitter (version 0.1.10, Unicode 16)
 * Shapes   text of n UTF-16 units  ->  ends [W] u32, ascending, the last one n
 * Units    ends count UTF-16 units; maxBytes counts bytes of UTF-8
 * Cost     O(n), one pass; nothing is kept of a text
 * State    the table of character classes, 50 kB, made once for a splitter
 * Differs  a lone surrogate counts as U+FFFD
 * Errors   ArgumentError: maxBytes is no whole number from 1 up, the text is no string or too long
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { wellFormed } from "../../encoding/options.js";
import type { Spans } from "../../pre-tokenizers/spans.js";
import { Groups } from "./groups.js";
import { KIND, LOWER, PUNCTUATION, UPPER, type WordClasses, wordClasses } from "./word-classes.js";
import { classAt, width, wordEnd } from "./word-end.js";

export interface HatSplitter {
  /** The words; joined they are the text. */
  split(text: string): string[];
  /** The words as UTF-8, those longer than `maxBytes` in parts: inside a character where none fits. */
  splitBytes(text: string): Uint8Array[];
  /** Where each word ends. */
  ends(text: string): Uint32Array;
}

export interface HatOptions {
  /** Bytes of one word, for `splitBytes`. Default: no limit. */
  readonly maxBytes?: number;
}

export function hatSplitter({ maxBytes = 2 ** 31 }: HatOptions = {}): HatSplitter {
  if (!Number.isInteger(maxBytes) || maxBytes < 1)
    throw new ArgumentError("hatSplitter", "maxBytes", "a whole number from 1 up", maxBytes);
  const table = wordClasses();
  const spansOf = (text: string): Spans => {
    const groups = new Groups(text, table);
    for (let at = 0; at < text.length; ) {
      const end = wordEnd(text, at, table);
      eachPiece(text, at, end, table, groups);
      at = end;
    }
    return groups.done();
  };
  return {
    split: (text) => {
      const given = wellFormed(text);
      return words(given, spansOf(given));
    },
    ends: (text) => {
      const { values, length } = spansOf(wellFormed(text));
      return Uint32Array.from({ length: length / 2 }, (_, i) => values[i * 2 + 1]!);
    },
    splitBytes: (text) => {
      const encoder = new TextEncoder();
      const given = wellFormed(text);
      return words(given, spansOf(given)).flatMap((word) =>
        bounded(encoder.encode(word), maxBytes),
      );
    },
  };
}

const words = (text: string, { values, length }: Spans): string[] =>
  Array.from({ length: length / 2 }, (_, i) => text.slice(values[i * 2]!, values[i * 2 + 1]!));

/** Cuts units `from` up to `end` behind each punctuation character and between lower and upper case. */
function eachPiece(
  text: string,
  from: number,
  end: number,
  table: WordClasses,
  groups: Groups,
): void {
  let start = from;
  let before = 0;
  for (let at = from; at < end; ) {
    const code = text.codePointAt(at)!;
    const kind = classAt(code, table) & KIND;
    if (before === PUNCTUATION || (before === LOWER && kind === UPPER)) {
      groups.add(start, at);
      start = at;
    }
    before = kind;
    at += width(code);
  }
  groups.add(start, end);
}

/** Parts of at most `maxBytes` bytes, whole characters where one fits. */
function bounded(bytes: Uint8Array, maxBytes: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const most = Math.min(start + maxBytes, bytes.length);
    let end = most;
    while (end > start && end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end--;
    if (end === start) end = most;
    parts.push(bytes.subarray(start, end));
    start = end;
  }
  return parts;
}
