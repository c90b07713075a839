/**
 * Encodes pieces by the longest tokens from left to right; tokens inside a word carry a prefix.
 *
 * Paper    Song et al., arXiv:2012.15524 (LinMaxMatch)
 * Shapes   two tries, of tokens at the start of a word and of those inside it, in one set of nodes; `fail[v]` is where
 *          the match goes on after the tokens `pops[v]` were given; pops are trees of concatenations in `left`, `right`
 * Cost     O(n) for a piece of n units; building O(units of the vocabulary), 40 bytes a node
 * State    scratch; one call at a time
 * Differs  a word with any part unknown is unknown as a whole, also one of more than `longestWord` characters
 * Errors   CapabilityError: a word that is unknown, and no unknown token
 */
import { CapabilityError } from "@frugal/tensor/errors";
import type { AlignedText } from "../text/aligned.js";
import type { Model } from "./bpe.js";
import { Edges } from "./edges.js";
import type { TokenSink } from "./sink.js";

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
  const trie = buildTrie(parts.vocabulary, parts.prefix);
  const pops = linked(trie);
  const stack: number[] = [];

  /** Gives the tokens of `pops[node]`, in order; returns where the last one ends. */
  function give(node: number, from: number, aligned: AlignedText, sink: TokenSink): number {
    let at = from;
    stack.push(pops.of[node]!);
    while (stack.length > 0) {
      const tree = stack.pop()!;
      if (tree < 0) continue;
      if (pops.left[tree]! < 0) {
        const end = at + trie.lengths[pops.right[tree]!]!;
        sink.addFrom(trie.tokens[pops.right[tree]!]!, aligned, at, end);
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
        const next = trie.edges.get(node, text.charCodeAt(unit));
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

interface Trie {
  readonly edges: Edges;
  /** By node, in an order where parents come first: id or -1, units of the text that the token stands for. */
  readonly tokens: number[];
  readonly lengths: number[];
  readonly parents: number[];
  readonly units: number[];
}

function buildTrie(vocabulary: ReadonlyMap<string, number>, prefix: string): Trie {
  const trie: Trie = {
    edges: new Edges(),
    tokens: [-1, -1],
    lengths: [0, 0],
    parents: [-1, -1],
    units: [0, 0],
  };
  for (const [token, id] of vocabulary) {
    if (/\p{Surrogate}/u.test(token)) continue;
    insert(trie, START, token, id);
    if (token.startsWith(prefix)) insert(trie, INSIDE, token.slice(prefix.length), id);
  }
  return trie;
}

function insert(trie: Trie, root: number, text: string, id: number): void {
  if (text === "") return;
  let node = root;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    let next = trie.edges.get(node, unit);
    if (next < 0) {
      next = trie.tokens.length;
      trie.edges.add(node, unit, next);
      trie.tokens.push(-1);
      trie.lengths.push(i + 1);
      trie.parents.push(node);
      trie.units.push(unit);
    }
    node = next;
  }
  trie.tokens[node] = id;
}

interface Pops {
  readonly fail: Int32Array;
  /** Tree of each node, -1: empty. A leaf has left -1 and a node with a token on the right. */
  readonly of: Int32Array;
  readonly left: number[];
  readonly right: number[];
}

function linked(trie: Trie): Pops {
  const count = trie.tokens.length;
  const fail = new Int32Array(count).fill(-1);
  const of = new Int32Array(count).fill(-1);
  const left: number[] = [];
  const right: number[] = [];
  const tree = (a: number, b: number): number => {
    left.push(a);
    right.push(b);
    return left.length - 1;
  };
  const joined = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : tree(a, b));
  for (const node of shallowFirst(trie)) {
    if (trie.tokens[node]! >= 0) {
      fail[node] = INSIDE;
      of[node] = tree(-1, node);
      continue;
    }
    const parent = trie.parents[node]!;
    let from = fail[parent]!;
    let given = of[parent]!;
    while (from >= 0) {
      const next = trie.edges.get(from, trie.units[node]!);
      if (next >= 0) {
        fail[node] = next;
        of[node] = given;
        break;
      }
      given = joined(given, of[from]!);
      from = fail[from]!;
    }
  }
  return { fail, of, left, right };
}

/** All nodes but the roots; a failure link leads to a node of less depth. */
function shallowFirst(trie: Trie): Int32Array {
  const nodes = Int32Array.from({ length: trie.tokens.length - 2 }, (_, i) => i + 2);
  return nodes.sort((a, b) => trie.lengths[a]! - trie.lengths[b]!);
}
