/**
 * Keeps the encoding of a text that grows at its end and is cut back there.
 *
 * Paper    after the appendable encoder of github/rust-gems (crate bpe)
 * Cost     a push: the text behind the last place where it may be cut is encoded when the count or the ids are asked for,
 *          all text before it once; `truncate`: what lies behind the last kept place is encoded anew
 * State    the text, its ids, a place about every STEP units
 * Differs  the original extends a table of last tokens byte by byte and knows no pre-tokenizer; here pieces are those of the
 *          tokenizer, of any model. A text without spaces is encoded anew as a whole each time
 * Errors   CapabilityError: a tokenizer whose text may not be cut anywhere; ArgumentError: a chunk that is no string, a
 *          length outside of the text
 */
import { ArgumentError, CapabilityError } from "@frugal/tensor/errors";
import type { CutFinder } from "../encoding/stream-encoder.js";
import { partsOf } from "../tokenizer-parts.js";
import type { EncodeOptions, Tokenizer } from "../types.js";

export type AppendableOptions = Pick<EncodeOptions, "specialTokensAsText" | "refuseSpecialTokens">;

export interface AppendableEncoder {
  push(chunk: string): void;
  /** Keeps the first `length` UTF-16 units. */
  truncate(length: number): void;
  /** UTF-16 units so far. */
  readonly length: number;
  readonly tokenCount: number;
  /** The ids of the whole text, without those that the tokenizer adds around one. */
  ids(): Uint32Array;
}

export const PLAIN = { addSpecialTokens: false, truncation: null, padding: null } as const;
/** Units between two looks for a place to cut. */
export const STEP = 256;

export function cutsOf(tokenizer: Tokenizer, where: string): CutFinder {
  const { cut } = partsOf(tokenizer, where);
  if (cut === null)
    throw new CapabilityError(
      where,
      ["a tokenizer that always splits before spaces"],
      "Encode the whole text.",
    );
  return cut;
}

/** Text up to a place where it may be cut, and the number of ids up to there. */
interface Settled {
  readonly text: string;
  readonly end: number;
  readonly tokenCount: number;
}

export function appendableEncoder(
  tokenizer: Tokenizer,
  options: AppendableOptions = {},
): AppendableEncoder {
  const cut = cutsOf(tokenizer, "appendableEncoder");
  const settled: Settled[] = [];
  let ids = new Uint32Array(1024);
  let tail = "";
  let tailIds: Uint32Array | undefined;

  const encoded = (text: string): Uint32Array => tokenizer.encode(text, { ...options, ...PLAIN });
  const settledCount = (): number => settled.at(-1)?.tokenCount ?? 0;
  const settledEnd = (): number => settled.at(-1)?.end ?? 0;

  function ofTail(): Uint32Array {
    tailIds ??= encoded(tail);
    return tailIds;
  }

  function settle(text: string): void {
    const more = encoded(text);
    const start = settledCount();
    const tokenCount = start + more.length;
    if (tokenCount > ids.length) {
      const longer = new Uint32Array(Math.max(ids.length * 2, tokenCount));
      longer.set(ids.subarray(0, start));
      ids = longer;
    }
    ids.set(more, start);
    settled.push({ text, end: settledEnd() + text.length, tokenCount });
  }

  function add(chunk: string): void {
    // The character before the chunk decides about a cut at its front.
    const from = Math.max(0, tail.length - 2);
    tail += chunk;
    tailIds = undefined;
    const place = cut(tail.slice(from), 0);
    if (place <= 0) return;
    settle(tail.slice(0, from + place));
    tail = tail.slice(from + place);
  }

  return {
    push(chunk) {
      if (typeof chunk !== "string")
        throw new ArgumentError("appendableEncoder", "chunk", "a string", chunk);
      for (let at = 0; at < chunk.length; at += STEP) add(chunk.slice(at, at + STEP));
    },
    truncate(length) {
      const whole = settledEnd() + tail.length;
      if (!Number.isInteger(length) || length < 0 || length > whole)
        throw new ArgumentError(
          "appendableEncoder",
          "length",
          `a whole number in 0..${whole}`,
          length,
        );
      if (length === whole) return;
      const behind = [tail];
      // A cut stands only as long as the space behind it does.
      while (settled.length > 0 && settled.at(-1)!.end >= length) behind.push(settled.pop()!.text);
      tail = behind
        .reverse()
        .join("")
        .slice(0, length - settledEnd());
      tailIds = undefined;
    },
    get length() {
      return settledEnd() + tail.length;
    },
    get tokenCount() {
      return settledCount() + ofTail().length;
    },
    ids() {
      const out = new Uint32Array(settledCount() + ofTail().length);
      out.set(ids.subarray(0, settledCount()));
      out.set(ofTail(), settledCount());
      return out;
    },
  };
}
