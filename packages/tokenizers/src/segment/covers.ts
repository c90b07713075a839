/**
 * Cover encodings: every way in which a tokenizer may have begun a text that starts with given bytes.
 *
 * Paper    Phan et al., Exact Byte-Level Probabilities from Tokenized Language Models, arXiv:2410.09303
 * Shapes   bytes [n]  ->  encodings that end with the bytes, and encodings whose last token reaches beyond them
 * Cost     a push: O(1); the covers: one short encoding for each token that goes on from a cut in the last pieces
 * State    the bytes so far; those far enough back are kept as ids
 * Needs    a byte-level BPE tokenizer
 * Differs  the last four pieces and as many bytes as the longest token has are looked at; the paper goes back to a space
 * Errors   ArgumentError: see byte-encodings.ts; CapabilityError for a tokenizer whose tokens are not bytes
 */
import type { Tokenizer } from "../types.js";
import {
  byteEncodings,
  checkedEncodings,
  joined,
  sameIds,
  textOf,
  unfinishedLength,
} from "./byte-encodings.js";
import { type TokenBytes, tokenBytes } from "./token-bytes.js";

/** Encodings that share all but their last token. */
export interface CoverGroup {
  /** What comes before the last token; stands for a proper prefix of the bytes. */
  readonly left: Uint32Array;
  /** Last tokens that reach beyond the bytes. */
  readonly tokens: Uint32Array;
  /** For each token, the byte behind the given ones. */
  readonly nextBytes: Uint8Array;
}

export interface Covers {
  /** The encoding of the bytes themselves; two where the last character is not complete. */
  readonly exact: readonly Uint32Array[];
  readonly beyond: readonly CoverGroup[];
}

/** Pieces at the end that more text may still change. */
const OPEN_PIECES = 4;
const encoder = new TextEncoder();

export class ByteCovers {
  readonly tokens: TokenBytes;
  readonly #tokenizer: Tokenizer;
  /** Ids of the bytes before the tail. */
  #head: Uint32Array = new Uint32Array(0);
  #tail: Uint8Array = new Uint8Array(0);

  constructor(tokenizer: Tokenizer, tokens: TokenBytes = tokenBytes(tokenizer)) {
    this.#tokenizer = tokenizer;
    this.tokens = tokens;
  }

  /** A copy that goes on by itself. */
  fork(): ByteCovers {
    const copy = new ByteCovers(this.#tokenizer, this.tokens);
    copy.#head = this.#head;
    copy.#tail = this.#tail;
    return copy;
  }

  push(bytes: Uint8Array): void {
    const tail = new Uint8Array(this.#tail.length + bytes.length);
    tail.set(this.#tail);
    tail.set(bytes, this.#tail.length);
    this.#tail = tail;
    if (tail.length > 4 * this.tokens.longest + 64) this.#freeze();
  }

  covers(): Covers {
    const tail = this.#tail;
    const exact = checkedEncodings(this.#tokenizer, tail);
    const groups = new Map<string, { left: Uint32Array; tokens: number[]; next: number[] }>();
    const from = Math.max(0, tail.length - this.tokens.longest + 1);
    for (let cut = from; cut < tail.length; cut++) {
      const rest = tail.subarray(cut);
      for (const token of this.tokens.startingWith(rest)) {
        const bytes = this.tokens.bytesOf(token);
        if (bytes.length === rest.length) continue;
        for (const ids of this.#endingWith(token, tail.subarray(0, cut), bytes)) {
          const left = ids.subarray(0, -1);
          const key = left.join();
          const group = groups.get(key) ?? { left, tokens: [], next: [] };
          groups.set(key, group);
          group.tokens.push(token);
          group.next.push(bytes[rest.length]!);
        }
      }
    }
    return {
      exact: exact.map((ids) => joined(this.#head, ids)),
      beyond: Array.from(groups.values(), ({ left, tokens, next }) => ({
        left: joined(this.#head, left),
        tokens: Uint32Array.from(tokens),
        nextBytes: Uint8Array.from(next),
      })),
    };
  }

  /**
   * Tells of tokens whether the tokenizer may go on with them behind `exact`, one of the covers'. Behind half a character
   * a token that does not complete it counts too: models were trained on nothing of the kind and give it some weight.
   */
  follower(exact: Uint32Array): (token: number) => boolean {
    const ids = exact.subarray(this.#head.length);
    const { bytes, before } = this.#context(ids) ?? { bytes: this.#tail, before: ids };
    const isOpen = unfinishedLength(bytes) > 0;
    return (token) => {
      const encodings = byteEncodings(this.#tokenizer, appended(bytes, this.tokens.bytesOf(token)));
      if (encodings === undefined) return isOpen;
      return encodings.some(
        (all) => all[all.length - 1] === token && sameIds(all.subarray(0, -1), before),
      );
    };
  }

  /** The last pieces alone, where they encode by themselves as they do in the whole. */
  #context(ids: Uint32Array): { readonly bytes: Uint8Array; readonly before: Uint32Array } | null {
    const tail = this.#tail;
    const text = textOf(tail.subarray(0, tail.length - unfinishedLength(tail))) ?? "";
    const { offsets } = this.#tokenizer.preTokenize(text);
    const start = offsets[offsets.length - 2 * OPEN_PIECES] ?? 0;
    if (start === 0) return null;
    const bytes = tail.subarray(encoder.encode(text.slice(0, start)).length);
    const match = byteEncodings(this.#tokenizer, bytes)?.find((some) =>
      sameIds(some, ids.subarray(ids.length - some.length)),
    );
    return match === undefined ? null : { bytes, before: match };
  }

  /** Encodings of `before` and `bytes` whose last token is `token`. */
  #endingWith(token: number, before: Uint8Array, bytes: Uint8Array): Uint32Array[] {
    const encodings = byteEncodings(this.#tokenizer, appended(before, bytes)) ?? [];
    return encodings.filter((ids) => ids[ids.length - 1] === token);
  }

  /** Keeps as ids what no further byte can change. */
  #freeze(): void {
    const tail = this.#tail;
    const text = textOf(tail.subarray(0, tail.length - unfinishedLength(tail)));
    if (text === undefined) return;
    const { offsets } = this.#tokenizer.preTokenize(text);
    for (let i = offsets.length - 2 * OPEN_PIECES; i > 0; i -= 2) {
      const bytes = encoder.encode(text.slice(0, offsets[i]));
      if (bytes.length > tail.length - this.tokens.longest) continue;
      const ids = byteEncodings(this.#tokenizer, bytes)![0]!;
      const all = byteEncodings(this.#tokenizer, tail)![0]!;
      if (!sameIds(all.subarray(0, ids.length), ids)) continue;
      this.#head = joined(this.#head, ids);
      this.#tail = tail.slice(bytes.length);
      return;
    }
  }
}

/** The covers of the bytes of one text. */
export function coverEncodings(tokenizer: Tokenizer, bytes: Uint8Array): Covers {
  const covers = new ByteCovers(tokenizer);
  covers.push(bytes);
  return covers.covers();
}

/** Whether the tokenizer itself would give these ids for the text that they stand for. */
export function isValidEncoding(tokenizer: Tokenizer, ids: ArrayLike<number>): boolean {
  const given = Uint32Array.from(ids);
  const encodings = byteEncodings(tokenizer, tokenizer.decodeBytes(given)) ?? [];
  return encodings.some((encoding) => sameIds(encoding, given));
}

function appended(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
