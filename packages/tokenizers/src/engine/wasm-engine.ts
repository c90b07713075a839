/**
 * Encodes byte-level texts in WebAssembly, a stretch of UTF-8 at a time.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   a text  ->  ids added to a sink
 * Needs    SIMD in WebAssembly
 * Cost     see assembly/encode.ts; 3 to 19 MB for the tables, 1 MB for text and ids
 * State    an instance with the tables of one vocabulary; memory grown for a long piece is kept
 * Errors   CapabilityError where the host gives no memory for the tables or for a piece
 */
import { CapabilityError } from "@frugal/tensor/errors";
import type { BpeParts } from "../models/bpe.js";
import type { TokenSink } from "../models/sink.js";
import type { WasmExports } from "./binary.js";
import type { ByteVocabulary } from "./byte-vocabulary.js";
import type { CharacterClasses } from "./classes.js";
import type { Engine } from "./engine.js";
import type { Grammar } from "./grammar.js";

/** Units of a stretch: its bytes and ids stay in the second-level cache. */
const STRETCH = 1 << 16;
/** A vocabulary from here on gets the large caches. */
const LARGE = 1 << 15;
/** Of assembly/near.ts: bytes of a token at most, tokens in a bucket of four on average. */
const NEAR = 12;
const BUCKET_FILL = 2.4;
const KINDS = { gpt2: 0, cl100k: 1, o200k: 2, deepseek: 3 } as const;

export function wasmEngine(
  wasm: WasmExports,
  model: Pick<BpeParts, "pairs" | "ignoreMerges">,
  vocabulary: ByteVocabulary,
  grammar: Grammar,
  classes: CharacterClasses,
  stretch = STRETCH,
): Engine {
  layTables(wasm, model, vocabulary, classes);
  const option = grammar.numbersApart || grammar.marksInWords || grammar.contractions;
  wasm.setGrammar(
    KINDS[grammar.family],
    grammar.digits,
    (option ? 1 : 0) | (grammar.wholeTail ? 2 : 0),
  );
  const encoder = new TextEncoder();
  /** Bytes that fit. */
  let capacity = 0;
  let bytes = new Uint8Array(0);

  function makeRoom(length: number): void {
    if (wasm.makeRoom(length) === 0) throw starved(length);
    capacity = length;
    bytes = new Uint8Array(wasm.memory.buffer, wasm.text.value as number, length);
  }

  /** Every call into the instance may have moved its memory. */
  function refresh(): void {
    if (bytes.buffer !== wasm.memory.buffer)
      bytes = new Uint8Array(wasm.memory.buffer, wasm.text.value as number, capacity);
  }

  makeRoom(stretch * 3);

  return {
    path: "wasm",
    work: {
      get read() {
        return Number(wasm.read.value);
      },
      get queued() {
        return Number(wasm.queued.value);
      },
    },
    encode(text, sink) {
      if (capacity > stretch * 3) makeRoom(stretch * 3);
      // Bytes of the stretch that are not dealt with yet, at its front.
      let held = 0;
      for (let at = 0; ; ) {
        const end = stretchEnd(text, at, Math.floor((capacity - held) / 3));
        const part = at === 0 && end === text.length ? text : text.slice(at, end);
        held += encoder.encodeInto(part, held === 0 ? bytes : bytes.subarray(held)).written;
        at = end;
        const isLast = at === text.length;
        const count = wasm.encode(held, isLast ? 1 : 0, 0);
        take(count, sink);
        refresh();
        const used = wasm.consumed.value as number;
        if (wasm.starved.value) {
          wasm.starved.value = 0;
          throw starved(held - used);
        }
        if (isLast && used === held) return;
        bytes.copyWithin(0, used, held);
        held -= used;
        // A piece longer than the stretch: twice the room each time, so that it is read again a few times only.
        if (used === 0) makeRoom(capacity * 2);
      }
    },
  };

  function take(count: number, sink: TokenSink): void {
    sink.reserve(count);
    const ids = new Uint32Array(wasm.memory.buffer, wasm.out.value as number, count);
    sink.ids.set(ids, sink.length);
    sink.length += count;
  }
}

/** Never between the halves of a surrogate pair. */
function stretchEnd(text: string, at: number, units: number): number {
  const end = at + units;
  if (end >= text.length) return text.length;
  return (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end - 1 : end;
}

function starved(length: number): CapabilityError {
  return new CapabilityError(
    "encode",
    [`memory for ${length} bytes without a place to split`],
    "Encode the text in parts.",
  );
}

/** Merges that are handed over at once: memory that is needed only now stays small. */
const MERGES_AT_ONCE = 1 << 14;

/** Writes all merges to `place`, some at a time, each left, right, rank, product u32. */
function inBatches(
  wasm: WasmExports,
  pairs: BpeParts["pairs"],
  place: number,
  take: (count: number) => void,
): void {
  const entries = new Uint32Array(wasm.memory.buffer, place, MERGES_AT_ONCE * 4);
  let length = 0;
  pairs.each((left, right, rank) => {
    entries[length++] = left;
    entries[length++] = right;
    entries[length++] = rank;
    entries[length++] = pairs.product[rank]!;
    if (length < entries.length) return;
    take(MERGES_AT_ONCE);
    length = 0;
  });
  if (length > 0) take(length / 4);
}

function layTables(
  wasm: WasmExports,
  { pairs, ignoreMerges }: Pick<BpeParts, "pairs" | "ignoreMerges">,
  { size, bytes, offsets, byteIds }: ByteVocabulary,
  { index, pages }: CharacterClasses,
): void {
  const sure = (place: number): number => {
    if (place === 0)
      throw new CapabilityError("loadTokenizer", ["memory for the tables of a vocabulary"]);
    return place;
  };
  /** `room`: bytes behind the data that may be read. */
  const laid = (data: Uint8Array | Uint16Array | Uint32Array | Int32Array, room = 0): number => {
    const place = sure(wasm.allocate(data.byteLength + room));
    const from = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(wasm.memory.buffer).set(from, place);
    return place;
  };
  sure(wasm.makeMasks());
  wasm.setClasses(laid(index), laid(pages), sure(wasm.allocate(128)));
  sure(wasm.makeShort());
  const arena = laid(bytes, 16);
  const near = nearCount(offsets);
  sure(wasm.makeNear(Math.ceil(near / BUCKET_FILL) + 1));
  sure(wasm.makeVocabulary(arena, laid(offsets), halfFull(size - near), filterBits(size - near)));
  sure(wasm.makePairs(halfFull(pairs.count), filterBits(pairs.count), pairs.product.length));
  sure(wasm.makeSure());
  // What is needed only now lies behind what is kept.
  const kept = wasm.mark();
  const merges = sure(wasm.allocate(MERGES_AT_ONCE * 16));
  inBatches(wasm, pairs, merges, (count) => wasm.addPairs(merges, count));
  wasm.setBytes(laid(byteIds));
  sure(wasm.beginSure(size));
  inBatches(wasm, pairs, merges, (count) => wasm.noteMade(merges, count));
  inBatches(wasm, pairs, merges, (count) => wasm.noteRivals(merges, count));
  wasm.endSure();
  wasm.release(kept);
  sure(wasm.insertTokens(size, ignoreMerges ? 1 : 0));
  sure(wasm.makeTree(size));
  sure(wasm.makeSeen(size < LARGE ? 11 : 14));
}

/** Tokens of the lengths that assembly/near.ts keeps. */
function nearCount(offsets: Uint32Array): number {
  let count = 0;
  for (let id = 0; id + 1 < offsets.length; id++)
    if (offsets[id + 1]! - offsets[id]! <= NEAR) count++;
  return count;
}

/** Bits of a table that `count` entries fill by half at most. */
const halfFull = (count: number): number =>
  Math.max(4, Math.ceil(Math.log2(Math.max(1, count * 2))));

/** Bits of a filter of about ten bits an entry. */
const filterBits = (count: number): number =>
  Math.min(18, Math.max(6, Math.ceil(Math.log2(Math.max(1, count)))));
