/**
 * Encodes byte-level texts in plain JavaScript: a state machine, whole words from tables, the rest merged.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   a text  ->  ids added to a sink
 * Cost     one look-up a word; words that are no token and were not seen: O(n^2) up to SHORT bytes, else see
 *          long-merge.ts
 * State    tables of the vocabulary and the words seen; one call at a time
 * Errors   none: the file was checked at loading, the text at `encode`
 */
import type { BpeParts } from "../models/bpe.js";
import type { TokenSink } from "../models/sink.js";
import type { ByteVocabulary } from "./byte-vocabulary.js";
import type { Scan } from "./common.js";
import type { Engine } from "./engine.js";
import { LongMerge } from "./long-merge.js";
import { MergeTree } from "./merge-tree.js";
import { SeenWords, SHORT_LENGTH } from "./seen-words.js";
import { SHORT, ShortMerge } from "./short-merge.js";
import { TokenWords } from "./token-words.js";
import { stretchEnd, Utf8Chunk } from "./utf8-chunk.js";

export function jsEngine(
  { pairs, ignoreMerges }: Pick<BpeParts, "pairs" | "ignoreMerges">,
  vocabulary: ByteVocabulary,
  scan: Scan,
): Engine {
  const { byteIds, bytes: tokens, offsets } = vocabulary;
  let tree: MergeTree | undefined;
  const short = new ShortMerge(pairs, byteIds);
  const words = new TokenWords(vocabulary, ignoreMerges ? () => true : mergesToItself());
  const seen = new SeenWords();
  const long = new LongMerge(pairs, vocabulary, treeOf);
  const chunk = new Utf8Chunk();
  let read = 0;

  function treeOf(): MergeTree {
    tree ??= new MergeTree(pairs, byteIds, vocabulary.size);
    return tree;
  }

  function mergesToItself(): (id: number) => boolean {
    if (treeOf().isOrdered) return (id) => treeOf().isMade(id);
    return (id) => {
      const length = offsets[id + 1]! - offsets[id]!;
      if (length > SHORT) return false;
      return short.merge(tokens, offsets[id]!, length) === 1 && short.id[0] === id;
    };
  }

  /** A word that `seen.find` does not know. */
  function encodeNew(bytes: Uint8Array, start: number, end: number, sink: TokenSink): void {
    const length = end - start;
    const first = sink.length;
    const token = words.find(bytes, start, end);
    if (token >= 0) {
      sink.ids[sink.length++] = token;
      if (length > SHORT_LENGTH) return;
    } else {
      const known = seen.findLong(bytes, start, length, sink.ids, first);
      sink.length += known;
      if (known > 0) return;
      if (length > SHORT) {
        long.merge(bytes, start, end, sink);
        return;
      }
      const count = short.merge(bytes, start, length);
      for (let i = 0; i < count; i++) sink.ids[sink.length++] = short.id[i]!;
    }
    seen.store(bytes, start, length, sink.ids, first, sink.length - first);
  }

  return {
    path: "js",
    work: {
      get read() {
        return read;
      },
      get queued() {
        return long.queued;
      },
    },
    encode(text, sink) {
      for (let from = 0; from < text.length; ) {
        const to = stretchEnd(text, from);
        const length = chunk.read(text, from, to);
        const { bytes, view } = chunk;
        read += length;
        sink.reserve(length);
        const { ids } = sink;
        for (let at = 0; at < length; ) {
          const next = scan(bytes, at, length);
          const known = seen.find(view, at, next - at, ids, sink.length);
          if (known > 0) sink.length += known;
          else encodeNew(bytes, at, next, sink);
          at = next;
        }
        from = to;
      }
    },
  };
}
