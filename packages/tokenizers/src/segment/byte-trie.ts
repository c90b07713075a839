/**
 * The tokens of a vocabulary as a trie over their bytes, read from the front or from the back.
 *
 * Shapes   node 0 is the root; per node i32: `token` the id that ends here or -1, `shorter` the nearest node above that ends
 *          a token or -1, `depth` in bytes
 * Cost     building O(bytes of the vocabulary), 24 bytes a node; a step is O(1)
 * Differs  of tokens with equal bytes the lowest id counts
 * Errors   ArgumentError: an entry that is no Uint8Array, no token at all; CapabilityError from `byteTokens`: a tokenizer
 *          whose tokens are not bytes
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { wellFormed } from "../encoding/options.js";
import { Edges } from "../models/edges.js";
import type { Tokenizer } from "../types.js";
import { tokenBytes } from "./token-bytes.js";

/** The bytes of each token by id; empty where an id stands for no bytes. */
export type ByteTokens = readonly Uint8Array[];

/** Those of a byte-level tokenizer; special tokens stand for no bytes. */
export function byteTokens(tokenizer: Tokenizer): ByteTokens {
  const { size, bytesOf } = tokenBytes(tokenizer);
  return Array.from({ length: size }, (_, id) => bytesOf(id));
}

export class ByteTrie {
  readonly #edges = new Edges();
  readonly token: Int32Array;
  readonly shorter: Int32Array;
  readonly depth: Int32Array;
  /** Bytes of the longest token. */
  readonly longest: number;

  /** `backward`: the tokens are read from their last byte to their first. */
  constructor(tokens: ByteTokens, where: string, backward = false) {
    const ends = [-1];
    const depths = [0];
    const parents = [-1];
    let longest = 0;
    for (let id = 0; id < tokens.length; id++) {
      const bytes = tokens[id];
      if (!(bytes instanceof Uint8Array))
        throw new ArgumentError(where, `tokens[${id}]`, "a Uint8Array", bytes);
      longest = Math.max(longest, bytes.length);
      let node = 0;
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[backward ? bytes.length - 1 - i : i]!;
        let next = this.#edges.get(node, byte);
        if (next < 0) {
          next = ends.length;
          this.#edges.add(node, byte, next);
          ends.push(-1);
          depths.push(depths[node]! + 1);
          parents.push(node);
        }
        node = next;
      }
      if (node > 0 && ends[node] === -1) ends[node] = id;
    }
    if (longest === 0) throw new ArgumentError(where, "tokens", "at least one token", "none");
    this.longest = longest;
    this.token = Int32Array.from(ends);
    this.depth = Int32Array.from(depths);
    this.shorter = new Int32Array(ends.length).fill(-1);
    for (let node = 1; node < ends.length; node++) {
      const above = parents[node]!;
      this.shorter[node] = this.token[above]! >= 0 ? above : this.shorter[above]!;
    }
  }

  /** The node after one more byte, -1 where no token goes on so. */
  step(node: number, byte: number): number {
    return this.#edges.get(node, byte);
  }
}

/** Encodes by bytes, with a vocabulary and without merges. */
export interface ByteSegmenter {
  /** A lone surrogate counts as U+FFFD. */
  encode(text: string | Uint8Array): Uint32Array;
}

export function bytesOfText(text: string | Uint8Array): Uint8Array {
  return text instanceof Uint8Array ? text : new TextEncoder().encode(wellFormed(text));
}

/** The vocabulary has no way past a byte. */
export const uncovered = (where: string, bytes: Uint8Array, at: number): ArgumentError =>
  new ArgumentError(
    where,
    "text",
    "made of the vocabulary's tokens",
    `the byte ${bytes[at]} at ${at}, which none covers here`,
    "Give the vocabulary a token for each of the 256 bytes.",
  );
