/**
 * Encodes pieces by byte-pair merges, over characters or over bytes.
 *
 * Paper    Sennrich et al., arXiv:1508.07909; bytes: the GPT-2 release
 * Cost     O(n log n) for a piece of n symbols; words seen before are looked up
 * State    scratch and a word cache of fixed size; one call at a time
 * Differs  characters that the vocabulary lacks and no unknown token stands for give no id, as in Hugging Face
 *          tokenizers, but do not shift the offsets behind them; the bytes of a character come before an unknown one
 *          that stands before it, and both have the places of that order, as there
 * Errors   none: the file was checked at loading, the text's length at `encode`
 */
import type { ByteVocabulary } from "../engine/byte-vocabulary.js";
import type { AlignedText } from "../text/aligned.js";
import { byteCharacters, utf8At } from "../text/byte-characters.js";
import type { Dropout } from "./dropout.js";
import type { ModelOrigin } from "./origin.js";
import type { PairTable } from "./pair-table.js";
import { placeInOrder } from "./places-in-order.js";
import type { TokenSink } from "./sink.js";
import { Symbols } from "./symbols.js";
import { TokenArena } from "./token-arena.js";
import { WordCache } from "./word-cache.js";
import { WordCuts } from "./word-cuts.js";

/** Units of a piece that is looked at for cuts. */
const SHORTEST_CUT = 16;

export interface Model {
  /** Encodes units `start` up to `end` of `text`, one piece of the pre-tokenizer. */
  encode(text: AlignedText, start: number, end: number, sink: TokenSink): void;
  /** Encodes one piece that is given as bytes, UTF-8 or not; absent where the model does not read bytes. */
  readonly encodeBytes?: (piece: Uint8Array, sink: TokenSink) => void;
  /** Absent where there is no other way to segment with what the model knows. */
  readonly origin?: ModelOrigin;
}

export interface BpeParts {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly pairs: PairTable;
  /** The vocabulary as bytes, where that is known already. */
  readonly asBytes?: ByteVocabulary;
  /** Pieces are read as bytes in the alphabet of GPT-2. */
  readonly bytes: boolean;
  readonly ignoreMerges: boolean;
  /** -1: none. */
  readonly unknown: number;
  readonly fuseUnknown: boolean;
  /** The id of `<0xNN>`, -1 where there is none; null: no fallback. */
  readonly byteFallback: Int32Array | null;
  readonly prefix: string;
  readonly suffix: string;
  /** Any two neighbors whose joined text is a token merge, not only listed pairs: the ids are the ranks. */
  readonly anyNeighbors?: boolean;
  /** Null: none. */
  readonly dropout?: Dropout | null;
}

export function bpe(parts: BpeParts): Model {
  const { vocabulary, pairs, unknown, byteFallback, prefix, suffix, dropout = null } = parts;
  const symbols = new Symbols();
  let cache: WordCache | undefined;
  const buffer = new Uint8Array(4);
  const characterOfByte = Array.from(byteCharacters(), (code) => String.fromCharCode(code));
  const byteIds = Int32Array.from(characterOfByte, (c) => vocabulary.get(c) ?? -1);
  let characterIds: Map<number, number> | undefined;
  const longest = parts.ignoreMerges ? TokenArena.of(vocabulary).longest : 0;
  const affixed = prefix !== "" || suffix !== "";
  const isWhole = !parts.bytes && !affixed && !parts.ignoreMerges && dropout === null;
  const hasCuts = isWhole && unknown >= 0 && vocabulary.has("▁");
  let cuts: WordCuts | undefined;
  let pendingFrom = -1;
  let pendingTo = -1;
  let pendingBytes = 0;
  /** Where bytes have come before an unknown character that stands before them: bytes of the unknown symbols. */
  const unknownBytes = new Map<number, number>();
  const fallbackIds = new Set(byteFallback);
  let overtaken = false;
  const bytesOf = (symbol: number): number | undefined =>
    unknownBytes.get(symbol) ?? (fallbackIds.has(symbols.id[symbol]!) ? 1 : undefined);

  function flushUnknown(): void {
    if (pendingFrom >= 0) {
      if (byteFallback !== null) unknownBytes.set(symbols.length, pendingBytes);
      symbols.add(unknown, pendingFrom, pendingTo);
    }
    pendingFrom = -1;
    pendingBytes = 0;
  }

  function addUnknown(from: number, to: number): void {
    if (unknown < 0) return;
    if (pendingFrom >= 0 && parts.fuseUnknown) pendingTo = to;
    else {
      flushUnknown();
      pendingFrom = from;
      pendingTo = to;
    }
  }

  function addOrUnknown(id: number, from: number, to: number): void {
    if (id < 0) addUnknown(from, to);
    else {
      flushUnknown();
      symbols.add(id, from, to);
    }
  }

  function readBytes(text: string, start: number, end: number): void {
    for (let unit = start; unit < end; ) {
      const count = utf8At(text, unit, end, buffer);
      const to = unit + (count === 4 ? 2 : 1);
      for (let i = 0; i < count; i++) addOrUnknown(byteIds[buffer[i]!]!, unit, to);
      unit = to;
    }
  }

  function readCharacters(text: string, start: number, end: number): void {
    for (let unit = start; unit < end; ) {
      const code = text.codePointAt(unit)!;
      const to = unit + (code > 0xffff ? 2 : 1);
      const id = affixed ? affixedId(text, unit, to, start, end) : characterId(code);
      if (id >= 0 || !fallBack(text, unit, to)) {
        addOrUnknown(id, unit, to);
        if (id < 0) pendingBytes += utf8At(text, unit, end, buffer);
      }
      unit = to;
    }
  }

  function characterId(code: number): number {
    characterIds ??= codePointIds(TokenArena.of(vocabulary));
    return characterIds.get(code) ?? -1;
  }

  function affixedId(text: string, from: number, to: number, start: number, end: number): number {
    const character = text.slice(from, to);
    const name = `${from > start ? prefix : ""}${character}${to === end ? suffix : ""}`;
    return vocabulary.get(name) ?? -1;
  }

  /** Adds the bytes of one character, if the vocabulary has all of them. */
  function fallBack(text: string, from: number, to: number): boolean {
    if (byteFallback === null) return false;
    const count = utf8At(text, from, to, buffer);
    for (let i = 0; i < count; i++) if (byteFallback[buffer[i]!]! < 0) return false;
    for (let i = 0; i < count; i++) symbols.add(byteFallback[buffer[i]!]!, from, to);
    overtaken ||= pendingFrom >= 0;
    return true;
  }

  function merge(): void {
    if (symbols.length > 1) {
      if (dropout === null) symbols.merge(pairs);
      else symbols.mergeWithDropout(pairs, dropout);
    } else if (symbols.length === 1) symbols.next[0] = -1;
  }

  function encodeBytes(piece: Uint8Array, sink: TokenSink): void {
    const whole = piece.length <= longest ? vocabulary.get(byteName(piece)) : undefined;
    if (whole !== undefined) {
      sink.add(whole, 0, 0);
      return;
    }
    symbols.clear();
    for (let i = 0; i < piece.length; i++) addOrUnknown(byteIds[piece[i]!]!, i, i + 1);
    flushUnknown();
    merge();
    for (let i = symbols.length > 0 ? 0 : -1; i !== -1; i = symbols.next[i]!)
      sink.add(symbols.id[i]!, 0, 0);
  }

  function byteName(bytes: Uint8Array): string {
    let name = "";
    for (const byte of bytes) name += characterOfByte[byte]!;
    return name;
  }

  /** The id of the whole piece, -1 where it is no token. */
  function wholeId(text: string, start: number, end: number): number {
    if (end - start > longest) return -1;
    if (!parts.bytes) return vocabulary.get(text.slice(start, end)) ?? -1;
    let name = "";
    for (let unit = start; unit < end; ) {
      const count = utf8At(text, unit, end, buffer);
      for (let i = 0; i < count; i++) name += characterOfByte[buffer[i]!]!;
      unit += count === 4 ? 2 : 1;
    }
    return vocabulary.get(name) ?? -1;
  }

  function encodeWord(aligned: AlignedText, start: number, end: number, sink: TokenSink): void {
    const { text } = aligned;
    const cached = !sink.withSpans && dropout === null;
    if (cached) {
      cache ??= new WordCache();
      const known = cache.find(text, start, end);
      if (known >= 0) {
        for (let i = 0; i < known; i++) sink.add(cache.id(i), 0, 0);
        return;
      }
    }
    const first = sink.length;
    const whole = parts.ignoreMerges ? wholeId(text, start, end) : -1;
    if (whole >= 0) sink.addFrom(whole, aligned, start, end);
    else {
      symbols.clear();
      overtaken = false;
      unknownBytes.clear();
      if (parts.bytes) readBytes(text, start, end);
      else readCharacters(text, start, end);
      flushUnknown();
      if (overtaken) placeInOrder(symbols, text, start, bytesOf);
      merge();
      for (let i = symbols.length > 0 ? 0 : -1; i !== -1; i = symbols.next[i]!)
        sink.addFrom(symbols.id[i]!, aligned, symbols.from[i]!, symbols.to[i]!);
    }
    if (cached) cache?.store(text, start, end, sink.ids, first, sink.length - first);
  }

  return {
    origin: { kind: "bpe", parts },
    encode(aligned, start, end, sink) {
      if (!hasCuts || end - start < SHORTEST_CUT) {
        encodeWord(aligned, start, end, sink);
        return;
      }
      cuts ??= new WordCuts(TokenArena.of(vocabulary));
      for (let from = start; from < end; ) {
        const to = cuts.next(aligned.text, from, end);
        encodeWord(aligned, from, to, sink);
        from = to;
      }
    },
    ...(parts.bytes ? { encodeBytes } : {}),
  };
}

/** Ids of the tokens that are one code point, by that code point. */
function codePointIds(vocabulary: TokenArena): Map<number, number> {
  const ids = new Map<number, number>();
  const { offsets } = vocabulary;
  for (let entry = 0; entry < vocabulary.count; entry++) {
    // In UTF-8 a character has four bytes at most.
    if (offsets[entry + 1]! - offsets[entry]! > 4) continue;
    const token = vocabulary.textAt(entry);
    const code = token.codePointAt(0);
    if (code !== undefined && token.length === (code > 0xffff ? 2 : 1))
      ids.set(code, vocabulary.idAt(entry));
  }
  return ids;
}
