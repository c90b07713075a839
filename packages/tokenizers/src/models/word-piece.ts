/**
 * Encodes pieces by the longest tokens from left to right; tokens inside a word carry a prefix.
 *
 * Paper    Song et al., arXiv:2012.15524 (LinMaxMatch)
 * Shapes   two tries, of tokens at the start of a word and of those inside it, in one set of nodes; `fail[v]` is where
 *          the match goes on after the tokens `pops[v]` were given; pops are trees of concatenations in `left`, `right`
 * Cost     O(n) for a piece of n units; building as trie.ts, 22 bytes a node
 * State    scratch; one call at a time
 * Differs  a word with any part unknown is unknown as a whole, also one of more than `longestWord` characters
 * Errors   CapabilityError: a word that is unknown, and no unknown token
 */
import { CapabilityError } from "@frugal/tensor/errors";
import type { AlignedText } from "../text/aligned.js";
import type { Model } from "./bpe.js";
import type { TokenSink } from "./sink.js";
import { Trie, type TrieText } from "./trie.js";

export interface WordPieceParts {
  readonly vocabulary: ReadonlyMap<string, number>;
  /** -1: none. */
  readonly unknown: number;
  readonly prefix: string;
  /** In characters. */
  readonly longestWord: number;
}

/** Before the first unit of a word, and inside it with nothing pending. */
const [START, INSIDE] = [0, 1];

export function wordPiece(parts: WordPieceParts): Model {
  const { unknown, longestWord } = parts;
  const trie = new Trie(texts(parts.vocabulary, parts.prefix), 2);
  const { lengths, ...pops } = linked(trie);
  const stack: number[] = [];

  /** Gives the tokens of `pops[node]`, in order; returns where the last one ends. */
  function give(node: number, from: number, aligned: AlignedText, sink: TokenSink): number {
    let at = from;
    stack.push(pops.of[node]!);
    while (stack.length > 0) {
      const tree = stack.pop()!;
      if (tree < 0) continue;
      if (pops.left[tree]! < 0) {
        const end = at + lengths[pops.right[tree]!]!;
        sink.addFrom(trie.value[pops.right[tree]!]!, aligned, at, end);
        at = end;
      } else stack.push(pops.right[tree]!, pops.left[tree]!);
    }
    return at;
  }

  /** False where a part is unknown. */
  function match(aligned: AlignedText, start: number, end: number, sink: TokenSink): boolean {
    const { text } = aligned;
    let node = START;
    let given = start;
    for (let unit = start; unit < end; unit++) {
      for (;;) {
        const next = trie.child(node, text.charCodeAt(unit));
        if (next >= 0) {
          node = next;
          break;
        }
        if (pops.fail[node]! < 0) return false;
        given = give(node, given, aligned, sink);
        node = pops.fail[node]!;
      }
    }
    while (node !== INSIDE) {
      if (pops.fail[node]! < 0) return false;
      given = give(node, given, aligned, sink);
      node = pops.fail[node]!;
    }
    return true;
  }

  return {
    encode(aligned, start, end, sink) {
      const first = sink.length;
      if (isWithin(aligned.text, start, end, longestWord) && match(aligned, start, end, sink))
        return;
      sink.length = first;
      if (unknown < 0)
        throw new CapabilityError("encode", ["an unknown token, which this text needs"]);
      sink.addFrom(unknown, aligned, start, end);
    },
  };
}

/** Whether the units are at most `most` characters. */
function isWithin(text: string, start: number, end: number, most: number): boolean {
  if (end - start <= most) return true;
  if (end - start > most * 2) return false;
  let count = 0;
  for (let at = start; at < end; count++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return count <= most;
}

function* texts(vocabulary: ReadonlyMap<string, number>, prefix: string): Generator<TrieText> {
  for (const [token, value] of vocabulary) {
    if (/\p{Surrogate}/u.test(token)) continue;
    yield { text: token, root: START, value };
    if (token.startsWith(prefix)) yield { text: token.slice(prefix.length), root: INSIDE, value };
  }
}

interface Pops {
  readonly fail: Int32Array;
  /** Units of the text that leads to a node. */
  readonly lengths: Uint32Array;
  /** Tree of each node, -1: empty. A leaf has left -1 and a node with a token on the right. */
  readonly of: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
}

function linked(trie: Trie): Pops {
  const fail = new Int32Array(trie.size).fill(-1);
  const lengths = new Uint32Array(trie.size);
  const of = new Int32Array(trie.size).fill(-1);
  const left: number[] = [];
  const right: number[] = [];
  const tree = (a: number, b: number): number => {
    left.push(a);
    right.push(b);
    return left.length - 1;
  };
  const joined = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : tree(a, b));
  const link = (node: number, parent: number): void => {
    lengths[node] = lengths[parent]! + 1;
    if (trie.value[node]! >= 0) {
      fail[node] = INSIDE;
      of[node] = tree(-1, node);
      return;
    }
    let from = fail[parent]!;
    let given = of[parent]!;
    while (from >= 0) {
      const next = trie.child(from, trie.unitOf(node));
      if (next >= 0) {
        fail[node] = next;
        of[node] = given;
        return;
      }
      given = joined(given, of[from]!);
      from = fail[from]!;
    }
  };
  // Parents first: a failure link leads to a node of less depth.
  for (let parent = 0; parent < trie.size; parent++) {
    const end = trie.firstChild(parent + 1);
    for (let node = trie.firstChild(parent); node < end; node++) link(node, parent);
  }
  return { fail, lengths, of, left: Int32Array.from(left), right: Int32Array.from(right) };
}
