/**
 * Encodes byte-level texts in plain JavaScript: a state machine, whole words from a table, the rest merged.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   a text  ->  ids added to a sink
 * Cost     one look-up a word; words that are no token and were not seen: O(n^2) up to SHORT bytes, else O(n log n)
 * State    tables of the vocabulary and the words seen; one call at a time
 * Errors   none: the file was checked at loading, the text at `encode`
 */
import type { BpeParts } from "../models/bpe.js";
import type { TokenSink } from "../models/sink.js";
import { Symbols } from "../models/symbols.js";
import { utf8At } from "../text/byte-characters.js";
import type { ByteVocabulary } from "./byte-vocabulary.js";
import type { Scan } from "./common.js";
import type { Engine } from "./engine.js";
import { SHORT, ShortMerge } from "./short-merge.js";
import { Words } from "./words.js";

export function jsEngine(
  { pairs, ignoreMerges }: Pick<BpeParts, "pairs" | "ignoreMerges">,
  vocabulary: ByteVocabulary,
  scan: Scan,
): Engine {
  const { byteIds, bytes: tokens, offsets } = vocabulary;
  const short = new ShortMerge(pairs, byteIds);
  const words = new Words(vocabulary, ignoreMerges ? () => true : mergesToItself);
  const symbols = new Symbols();
  const buffer = new Uint8Array(SHORT + 4);
  const character = new Uint8Array(4);
  const work = { read: 0, queued: 0 };

  function mergesToItself(id: number): boolean {
    const length = offsets[id + 1]! - offsets[id]!;
    return length <= SHORT && short.merge(tokens, offsets[id]!, length) === 1 && short.id[0] === id;
  }

  /** Bytes of `text[start, end)` in `buffer`; SHORT + 1 where there are too many. */
  function toBytes(text: string, start: number, end: number): number {
    if (end - start > SHORT) return SHORT + 1;
    let length = 0;
    for (let at = start; at < end; ) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80) {
        buffer[length++] = unit;
        at++;
      } else {
        const count = utf8At(text, at, end, character);
        for (let i = 0; i < count; i++) buffer[length++] = character[i]!;
        at += count === 4 ? 2 : 1;
      }
      if (length > SHORT) return SHORT + 1;
    }
    return length;
  }

  function mergeLong(text: string, start: number, end: number, sink: TokenSink): void {
    symbols.clear();
    for (let at = start; at < end; ) {
      const count = utf8At(text, at, end, character);
      for (let i = 0; i < count; i++) symbols.add(byteIds[character[i]!]!, 0, 0);
      at += count === 4 ? 2 : 1;
    }
    symbols.merge(pairs);
    work.queued += symbols.pushed;
    sink.reserve(symbols.length);
    for (let i = 0; i !== -1; i = symbols.next[i]!) sink.ids[sink.length++] = symbols.id[i]!;
  }

  function encodeNew(text: string, start: number, end: number, sink: TokenSink): void {
    const length = toBytes(text, start, end);
    if (length > SHORT) {
      mergeLong(text, start, end, sink);
      return;
    }
    const count = short.merge(buffer, 0, length);
    const first = sink.length;
    for (let i = 0; i < count; i++) sink.ids[sink.length++] = short.id[i]!;
    words.store(text, start, end, sink.ids, first, count);
  }

  return {
    path: "js",
    work,
    encode(text, sink) {
      const end = text.length;
      for (let at = 0; at < end; ) {
        const next = scan(text, at, end);
        work.read += next - at;
        sink.reserve(SHORT);
        const unit = text.charCodeAt(at);
        if (next - at === 1 && unit < 0x80) sink.ids[sink.length++] = byteIds[unit]!;
        else {
          const token = words.token(text, at, next);
          if (token >= 0) sink.ids[sink.length++] = token;
          else {
            const known = words.seen(text, at, next, sink.ids, sink.length);
            if (known > 0) sink.length += known;
            else encodeNew(text, at, next, sink);
          }
        }
        at = next;
      }
    },
  };
}
