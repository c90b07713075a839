/**
 * Encodes bytes into as few tokens of a vocabulary as there can be.
 *
 * Paper    PathPiece, arXiv:2402.18376; the shortest path of "Train It and Forget It", arXiv:2508.06621, is the same
 * Shapes   n bytes  ->  ids [tokens] u32
 * Cost     O(n L) steps of a trie for a longest token of L bytes; 8 bytes of scratch a byte, 12 with random ties
 * Differs  no bytes give no tokens; a vocabulary needs no byte of its own that the text does without (the released code
 *          fails on both). Of equal ways the one with the longest last token counts, and so on to the front, or one that
 *          is drawn: at the k-th tie one number, below 1/k for the new way
 * Errors   ArgumentError: a byte that no token covers, a limit that is no whole number from 1 up, random ties without
 *          `random`
 */
import { ArgumentError } from "@frugal/tensor/errors";
import {
  type ByteSegmenter,
  type ByteTokens,
  ByteTrie,
  bytesOfText,
  uncovered,
} from "./byte-trie.js";

export interface PathPieceOptions {
  /** Bytes of the longest token that is used. Default: those of the vocabulary's longest. */
  readonly maxLength?: number;
  /** Which of equally short ways is taken. Default: "longest", the one with the longest last token. */
  readonly tieBreak?: "longest" | "random";
  /** Uniform in [0, 1), for random ties. */
  readonly random?: () => number;
}

const WHERE = "pathPieceEncoder";
const NO_WAY = 0x7fffffff;

export function pathPieceEncoder(
  tokens: ByteTokens,
  { maxLength, tieBreak = "longest", random }: PathPieceOptions = {},
): ByteSegmenter {
  if (maxLength !== undefined && !(Number.isInteger(maxLength) && maxLength >= 1))
    throw new ArgumentError(WHERE, "maxLength", "a whole number from 1 up", maxLength);
  if (tieBreak !== "longest" && tieBreak !== "random")
    throw new ArgumentError(WHERE, "tieBreak", '"longest" or "random"', tieBreak);
  if (tieBreak === "random" && typeof random !== "function")
    throw new ArgumentError(WHERE, "random", "a function, for random ties", random);
  const trie = new ByteTrie(tokens, WHERE, true);
  const limit = Math.min(maxLength ?? trie.longest, trie.longest);
  const draw = tieBreak === "random" ? random! : null;

  return {
    encode(text) {
      const bytes = bytesOfText(text);
      const length = bytes.length;
      // The fewest tokens up to each byte, the node of the last of them, and how many ways are as short.
      const fewest = new Int32Array(length + 1).fill(NO_WAY);
      const last = new Int32Array(length + 1);
      const ways = draw === null ? null : new Int32Array(length + 1);
      fewest[0] = 0;
      for (let end = 1; end <= length; end++) {
        let best = NO_WAY;
        let node = 0;
        for (let start = end - 1; start >= 0 && end - start <= limit; start--) {
          node = trie.step(node, bytes[start]!);
          if (node < 0) break;
          if (trie.token[node]! < 0 || fewest[start] === NO_WAY) continue;
          const count = fewest[start]! + 1;
          if (count > best) continue;
          if (count === best && draw !== null && draw() * ++ways![end]! >= 1) continue;
          if (count < best && ways !== null) ways[end] = 1;
          best = count;
          last[end] = node;
        }
        fewest[end] = best;
      }
      if (fewest[length] === NO_WAY) throw uncovered(WHERE, bytes, deadEnd(fewest));
      const ids = new Uint32Array(fewest[length]!);
      for (let end = length, i = ids.length - 1; i >= 0; i--) {
        ids[i] = trie.token[last[end]!]!;
        end -= trie.depth[last[end]!]!;
      }
      return ids;
    },
  };
}

/** The last byte that tokens lead up to. */
function deadEnd(fewest: Int32Array): number {
  let at = fewest.length - 1;
  while (fewest[at] === NO_WAY) at--;
  return at;
}
