/**
 * Encodes bytes by the longest token of a vocabulary, from the front, from the back, or the longest anywhere first.
 *
 * Paper    Train It and Forget It, arXiv:2508.06621 (what a BPE vocabulary gives without its merges)
 * Shapes   n bytes  ->  ids [tokens] u32
 * Cost     O(n L) steps of a trie for a longest token of L bytes; `longest-first` sorts the places that a length is left
 *          for, O(n L log n) at worst, and keeps 13 bytes a byte
 * Differs  not the ids of the tokenizer that the vocabulary was trained for. Of equally long tokens `longest-first` takes
 *          the first in the text; the paper does not say
 * Errors   ArgumentError: a direction that is none; a byte that no token covers. That may be in a dead end: a text that
 *          `pathPieceEncoder` can encode
 */
import { ArgumentError } from "@frugal/tensor/errors";
import {
  type ByteSegmenter,
  type ByteTokens,
  ByteTrie,
  bytesOfText,
  uncovered,
} from "./byte-trie.js";

export interface GreedyOptions {
  /** Default: "left-to-right". */
  readonly direction?: "left-to-right" | "right-to-left" | "longest-first";
}

const WHERE = "greedyEncoder";

export function greedyEncoder(
  tokens: ByteTokens,
  { direction = "left-to-right" }: GreedyOptions = {},
): ByteSegmenter {
  const backward = direction === "right-to-left";
  if (!backward && direction !== "left-to-right" && direction !== "longest-first")
    throw new ArgumentError(
      WHERE,
      "direction",
      '"left-to-right", "right-to-left" or "longest-first"',
      direction,
    );
  const trie = new ByteTrie(tokens, WHERE, backward);
  const encode = backward ? fromBack : direction === "longest-first" ? longestFirst : fromFront;
  return { encode: (text) => encode(bytesOfText(text), trie) };
}

function fromFront(bytes: Uint8Array, trie: ByteTrie): Uint32Array {
  const ids = new Uint32Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const node = longestAt(bytes, at, 1, trie);
    if (node < 0) throw uncovered(WHERE, bytes, at);
    ids[count++] = trie.token[node]!;
    at += trie.depth[node]!;
  }
  return ids.slice(0, count);
}

function fromBack(bytes: Uint8Array, trie: ByteTrie): Uint32Array {
  const ids = new Uint32Array(bytes.length);
  let from = ids.length;
  for (let at = bytes.length - 1; at >= 0; ) {
    const node = longestAt(bytes, at, -1, trie);
    if (node < 0) throw uncovered(WHERE, bytes, at);
    ids[--from] = trie.token[node]!;
    at -= trie.depth[node]!;
  }
  return ids.slice(from);
}

/** The node of the longest token from `at` on in a direction, -1 where there is none. */
function longestAt(bytes: Uint8Array, at: number, direction: number, trie: ByteTrie): number {
  let longest = -1;
  let node = 0;
  for (let i = at; i >= 0 && i < bytes.length; i += direction) {
    node = trie.step(node, bytes[i]!);
    if (node < 0) break;
    if (trie.token[node]! >= 0) longest = node;
  }
  return longest;
}

/**
 * Goes through the lengths from the longest down. A place that is in the way of a token already taken waits for its next
 * shorter one. A token that is taken is at least as long as those that come after it, so it is in the way only where it
 * covers an end of theirs.
 */
function longestFirst(bytes: Uint8Array, trie: ByteTrie): Uint32Array {
  const length = bytes.length;
  const { depth, shorter, token } = trie;
  const nodes = new Int32Array(length);
  // Lists of places, one a length: the first place, and of each place the next.
  const first = new Int32Array(trie.longest + 1).fill(-1);
  const next = new Int32Array(length);
  const put = (at: number, node: number): void => {
    nodes[at] = node;
    if (node < 0) return;
    next[at] = first[depth[node]!]!;
    first[depth[node]!] = at;
  };
  for (let at = 0; at < length; at++) put(at, longestAt(bytes, at, 1, trie));
  const isTaken = new Uint8Array(length);
  let places = new Int32Array(64);
  for (let size = trie.longest; size > 0; size--) {
    let count = 0;
    for (let at = first[size]!; at >= 0; at = next[at]!) {
      if (count === places.length) {
        const more = new Int32Array(count * 2);
        more.set(places);
        places = more;
      }
      places[count++] = at;
    }
    for (const at of places.subarray(0, count).sort()) {
      if (isTaken[at] === 1) nodes[at] = -1;
      else if (isTaken[at + size - 1] === 1) put(at, shorter[nodes[at]!]!);
      else isTaken.fill(1, at, at + size);
    }
  }
  const ids = new Uint32Array(length);
  let count = 0;
  for (let at = 0; at < length; at += depth[nodes[at]!]!) {
    if (isTaken[at] === 0) throw uncovered(WHERE, bytes, at);
    ids[count++] = token[nodes[at]!]!;
  }
  return ids.slice(0, count);
}
