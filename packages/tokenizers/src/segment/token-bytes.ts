/**
 * The bytes of every token, in the order of the bytes: which tokens begin with a prefix, which ones a text begins with.
 *
 * Shapes   vocabulary V; bytes in one arena
 * Cost     building: O(V log V) comparisons and O(bytes of all tokens); a prefix: O(log V) comparisons
 * Differs  special tokens stand for no bytes and are in no answer
 * Errors   CapabilityError for a tokenizer whose tokens are not bytes; ArgumentError for an id outside the vocabulary
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { ID_LIMIT } from "../limits.js";
import type { Tokenizer } from "../types.js";

export interface TokenBytes {
  /** Ids are below it; of some of them there may be no token. */
  readonly size: number;
  /** Bytes of the longest token. */
  readonly longest: number;
  /** Empty for a special token. */
  bytesOf(id: number): Uint8Array;
  /** Tokens whose bytes begin with `prefix` (itself included), by their bytes. A view. */
  startingWith(prefix: Uint8Array): Uint32Array;
}

/** Of a byte-level tokenizer. */
export function tokenBytes(tokenizer: Tokenizer): TokenBytes {
  tokenizer.encodePiece(new Uint8Array(0));
  const special = new Set(tokenizer.specialIds.all);
  const parts: Uint8Array[] = [];
  const starts = [0];
  let longest = 0;
  let length = 0;
  // Ids may have holes.
  for (let id = 0, left = tokenizer.vocabularySize; left > 0 && id < ID_LIMIT; id++) {
    const isKnown = tokenizer.idToToken(id) !== undefined;
    if (isKnown) left--;
    const bytes = isKnown && !special.has(id) ? tokenizer.decodeBytes([id]) : NONE;
    longest = Math.max(longest, bytes.length);
    length += bytes.length;
    starts.push(length);
    parts.push(bytes);
  }
  const size = parts.length;
  const offsets = Uint32Array.from(starts);
  const arena = new Uint8Array(offsets[size]!);
  parts.forEach((bytes, id) => {
    arena.set(bytes, offsets[id]);
  });
  const bytesOf = (id: number): Uint8Array => {
    if (!Number.isInteger(id) || id < 0 || id >= size)
      throw new ArgumentError("tokenBytes", "id", `a whole number below ${size}`, id);
    return arena.subarray(offsets[id], offsets[id + 1]);
  };
  const sorted = Uint32Array.from(parts.keys())
    .filter((id) => offsets[id + 1]! > offsets[id]!)
    .sort((a, b) => compared(parts[a]!, parts[b]!) || a - b);

  /** The first place whose token, cut to the length of `prefix`, is not below it (or, `past`, is above it). */
  function edge(prefix: Uint8Array, past: boolean): number {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compared(bytesOf(sorted[middle]!).subarray(0, prefix.length), prefix);
      if (order < 0 || (past && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    size,
    longest,
    bytesOf,
    startingWith: (prefix) => sorted.subarray(edge(prefix, false), edge(prefix, true)),
  };
}

const NONE = new Uint8Array(0);

function compared(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
