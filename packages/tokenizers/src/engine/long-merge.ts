/**
 * Merges the bytes of long words in linear time, a window at a time.
 *
 * Paper    after van Antwerpen and Neubeck, "So many tokens, so little time" (github/rust-gems, crate bpe): tokens are the
 *          encoding of their bytes if every two neighbors are that of theirs
 * Shapes   bytes [start, end) u8  ->  ids at the end of a sink, which has room for one a byte
 * Cost     O(n) windows of fixed length in O(w log w); where a window's front does not fit what is there, more of that is
 *          taken back, twice as much each time
 * State    scratch; the tree of merges is made at the first long word
 * Differs  where the tree is not ordered the word is merged as a whole, in O(n log n)
 */
import type { PairTable } from "../models/pair-table.js";
import type { TokenSink } from "../models/sink.js";
import { Symbols } from "../models/symbols.js";
import type { ByteVocabulary } from "./byte-vocabulary.js";
import type { MergeTree } from "./merge-tree.js";

/** Bytes of a window. */
const WINDOW = 1 << 10;
/** Tokens that are taken back at the end of a window, where the bytes behind may change them. */
const UNSURE = 8;

export class LongMerge {
  readonly #pairs: PairTable;
  readonly #vocabulary: ByteVocabulary;
  readonly #tree: () => MergeTree;
  readonly #window: number;
  readonly #symbols = new Symbols();
  /** Pairs queued so far. */
  queued = 0;

  constructor(
    pairs: PairTable,
    vocabulary: ByteVocabulary,
    tree: () => MergeTree,
    window: number = WINDOW,
  ) {
    this.#pairs = pairs;
    this.#vocabulary = vocabulary;
    this.#tree = tree;
    this.#window = window;
  }

  merge(bytes: Uint8Array, start: number, end: number, sink: TokenSink): void {
    const first = sink.length;
    const symbols = this.#symbols;
    const tree = this.#tree();
    let window = tree.isOrdered ? this.#window : end - start;
    let unsure = UNSURE;
    for (let at = start; at < end; ) {
      const until = Math.min(end, at + window);
      this.#mergeWindow(bytes, at, until);
      if (sink.length > first && !tree.areApart(sink.ids[sink.length - 1]!, symbols.id[0]!)) {
        unsure *= 2;
        const back = this.#takeBack(sink, first, unsure, Number.POSITIVE_INFINITY);
        at -= back;
        window = Math.max(window, 2 * back);
        continue;
      }
      for (let i = 0; i !== -1; i = symbols.next[i]!) sink.ids[sink.length++] = symbols.id[i]!;
      unsure = UNSURE;
      at = until;
      if (at < end) at -= this.#takeBack(sink, first, unsure, window / 4);
    }
  }

  #mergeWindow(bytes: Uint8Array, start: number, end: number): void {
    const { byteIds } = this.#vocabulary;
    const symbols = this.#symbols;
    symbols.clear();
    for (let at = start; at < end; at++) symbols.add(byteIds[bytes[at]!]!, 0, 0);
    symbols.merge(this.#pairs);
    this.queued += symbols.pushed;
  }

  /** Takes at most `most` ids of at most `length` bytes in all from the sink; gives the number of their bytes. */
  #takeBack(sink: TokenSink, first: number, most: number, length: number): number {
    const { offsets } = this.#vocabulary;
    let back = 0;
    for (let i = 0; i < most && sink.length > first; i++) {
      const id = sink.ids[sink.length - 1]!;
      const more = offsets[id + 1]! - offsets[id]!;
      if (back + more > length) break;
      back += more;
      sink.length--;
    }
    return back;
  }
}
