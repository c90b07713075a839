/**
 * Puts the parts of a tokenizer together: pipeline, post-processor, decoder.
 *
 * Paper    none (after Hugging Face tokenizers)
 * Cost     encode: what the parts cost; nothing is allocated for a token
 * State    buffers that all calls share; large ones are given back at the next call
 * Errors   ArgumentError: see encoding/options.ts and encoding/inputs.ts; an id that is no whole number
 */
import { CapabilityError } from "@frugal/tensor/errors";
import type { ChatRenderer } from "./chat.js";
import { byteLevelStage } from "./decoders/bytes.js";
import type { StageKind } from "./decoders/stage.js";
import { type EncodedText, padded, paddedLength } from "./encoding/assemble.js";
import { byteDecoder, joinedBytes, startsOf } from "./encoding/decode-bytes.js";
import { encodeInput } from "./encoding/inputs.js";
import { textTest, tokenLimit, wellFormed } from "./encoding/options.js";
import { type CutFinder, streamEncoder } from "./encoding/stream-encoder.js";
import { trimSpans } from "./encoding/trim.js";
import { TokenSink } from "./models/sink.js";
import { type PipelineParts, pipeline } from "./pipeline.js";
import type { PostProcessor } from "./post-processors/build.js";
import { streamDecoder } from "./stream.js";
import { unaligned } from "./text/aligned.js";
import { byteCharacters } from "./text/byte-characters.js";
import { toByteOffsets } from "./text/byte-offsets.js";
import type { TokenTable } from "./token-table.js";
import { attachParts } from "./tokenizer-parts.js";
import type {
  DecodeOptions,
  EncodeOptions,
  EncodingPath,
  InputEncoding,
  Padding,
  SpecialIds,
  TextInput,
  Tokenizer,
  Truncation,
} from "./types.js";

export interface TokenizerParts extends PipelineParts {
  readonly name: string;
  readonly path: EncodingPath;
  readonly post: PostProcessor;
  /** Of the file. */
  readonly truncation: Truncation | null;
  readonly padding: Padding | null;
  /** Where a text may be cut and its parts encoded one by one; null: nowhere. */
  readonly cut: CutFinder | null;
  readonly stages: readonly StageKind[];
  readonly renderChat: ChatRenderer;
  /** Of the model and of the added tokens. */
  readonly table: TokenTable;
  readonly specialIds: SpecialIds;
  /** The model's tokens are in the alphabet of bytes, whatever model it is. Default: false. */
  readonly hasByteAlphabet?: boolean;
}

export function makeTokenizer(parts: TokenizerParts): Tokenizer {
  const { table, post } = parts;
  const sink = new TokenSink();
  const run = pipeline(parts);
  const specials = new Set(parts.specialIds.all);
  const around = surroundings(post);

  function encodeText(input: TextInput, options: EncodeOptions): EncodedText {
    const isText = textTest(options);
    const words = typeof input === "string" ? null : input;
    sink.clear(true);
    sink.surfaces = options.surfaces === true ? [] : null;
    const starts: number[] = [];
    const texts = (words ?? [input as string]).map((word, i) => {
      const text = wellFormed(word);
      starts.push(sink.length);
      run.encode(text, isText, sink);
      if (words !== null) sink.words.fill(i, starts[i], sink.length);
      return text;
    });
    const encoded = {
      ids: sink.ids.slice(0, sink.length),
      offsets: sink.spans.slice(0, sink.length * 2),
      wordIds: sink.words.slice(0, sink.length),
      ...(sink.surfaces === null ? {} : { surfaces: sink.surfaces.slice() }),
    };
    const textOf = (i: number): string => texts[words === null ? 0 : encoded.wordIds[i]!]!;
    for (const prefixSpace of post.trims) trimSpans(encoded, textOf, table, prefixSpace);
    if (options.offsetUnit === "bytes")
      texts.forEach((text, i) => {
        const end = starts[i + 1] ?? encoded.ids.length;
        toByteOffsets(text, encoded.offsets.subarray(starts[i]! * 2, end * 2));
      });
    return encoded;
  }

  const truncationOf = (options: EncodeOptions): Truncation | null =>
    options.truncation === undefined ? parts.truncation : options.truncation;
  const paddingOf = (options: EncodeOptions): Padding | null =>
    options.padding === undefined ? parts.padding : options.padding;

  function encodeBatch(
    inputs: readonly { readonly text: TextInput; readonly pair?: TextInput }[],
    options: EncodeOptions = {},
  ): InputEncoding[] {
    const encodings = inputs.map((input) =>
      encodeInput(input, encodeText, post, truncationOf(options), options),
    );
    const padding = paddingOf(options);
    if (padding === null) return encodings;
    const longest = encodings.reduce((most, { ids }) => Math.max(most, ids.length), 0);
    const length = paddedLength(longest, padding);
    return encodings.map((encoding) => padded(encoding, length, padding));
  }

  /** All ids into the sink; false where the options or the file ask for more than that. */
  function runPlain(input: string, options: EncodeOptions): boolean {
    if (truncationOf(options) !== null || paddingOf(options) !== null) return false;
    if (options.maxTokens !== undefined) return false;
    const { before, after } = around[(options.addSpecialTokens ?? true) ? "full" : "bare"];
    const text = wellFormed(input);
    sink.clear(false);
    for (const id of before) sink.add(id, 0, 0);
    run.encode(text, textTest(options), sink);
    for (const id of after) sink.add(id, 0, 0);
    return true;
  }

  function limited(text: string, options: EncodeOptions): Uint32Array {
    const limit = tokenLimit(options);
    const { maxTokens, ...rest } = options;
    if (truncationOf(options) !== null || paddingOf(options) !== null)
      return encodeBatch([{ text }], rest)[0]!.ids.slice(0, limit);
    return firstIds(wellFormed(text), limit, encoder(rest));
  }

  const encoder = (options: EncodeOptions = {}) => {
    const ends = around[(options.addSpecialTokens ?? true) ? "full" : "bare"];
    return streamEncoder(run, parts.cut, textTest(options), ends);
  };
  const decoder = (options: DecodeOptions = {}, eager = true) =>
    streamDecoder(parts.stages, table, options.skipSpecialTokens ? specials : undefined, eager);

  function decode(ids: ArrayLike<number>, options: DecodeOptions = {}): string {
    const stream = decoder(options, false);
    const pieces: string[] = [];
    for (let i = 0; i < ids.length; i++) pieces.push(stream.push(ids[i]!));
    pieces.push(stream.end());
    return pieces.join("");
  }

  const isBytes = parts.stages.length === 1 && parts.stages[0] === byteLevelStage;
  const bytes = isBytes ? byteDecoder(table) : null;
  const partsOf = (ids: ArrayLike<number>) => Array.from(ids, (id) => bytes!.bytesOf(id));
  const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

  const tokenizer: Tokenizer = {
    name: parts.name,
    encode: (text, options = {}) =>
      runPlain(text, options) ? sink.ids.slice(0, sink.length) : limited(text, options),
    encodeWithOffsets(text, options = {}) {
      const { ids, offsets } = encodeBatch([{ text }], options)[0]!;
      const limit = Math.min(tokenLimit(options), ids.length);
      return limit === ids.length
        ? { ids, offsets }
        : { ids: ids.slice(0, limit), offsets: offsets.slice(0, limit * 2) };
    },
    encodeInput: (input, options) => encodeBatch([input], options)[0]!,
    encodeBatch,
    encoder,
    normalize: (text) => run.normalize(wellFormed(text)),
    preTokenize: (text) => run.preTokenize(wellFormed(text)),
    count: (text, options = {}) =>
      runPlain(text, options) ? sink.length : limited(text, options).length,
    isByteLevel: parts.model.encodeBytes !== undefined || parts.hasByteAlphabet === true,
    encodePiece(bytes) {
      sink.clear(false);
      if (parts.model.encodeBytes !== undefined) parts.model.encodeBytes(bytes, sink);
      else if (parts.hasByteAlphabet === true)
        parts.model.encode(unaligned(byteText(bytes), 0), 0, bytes.length, sink);
      else throw new CapabilityError("encodePiece", ["a tokenizer whose tokens are bytes"]);
      return sink.ids.slice(0, sink.length);
    },
    decode,
    decodeBytes: (ids) => (bytes === null ? encoded(decode(ids)) : joinedBytes(partsOf(ids))),
    decodeWithStarts(ids) {
      if (bytes === null)
        throw new CapabilityError("decodeWithStarts", ["a decoder of bytes alone"]);
      return { text: decode(ids), starts: startsOf(partsOf(ids)) };
    },
    decoder: (options) => decoder(options),
    renderChat: parts.renderChat,
    tokenToId: (token) => table.idOf(token),
    idToToken: (id) => table.tokenOf(id),
    specialIds: parts.specialIds,
    vocabularySize: table.size,
    path: parts.path,
  };
  return attachParts(tokenizer, parts);
}

function byteText(bytes: Uint8Array): string {
  const characters = byteCharacters();
  return Array.from(bytes, (byte) => String.fromCharCode(characters[byte]!)).join("");
}

/** The ids before and behind a single text, with the tokens that are added and without. */
function surroundings(post: PostProcessor) {
  const split = (plan: PostProcessor["single"]["full"]) => {
    const place = plan.findIndex((piece) => piece.text === 0);
    const ids = (pieces: typeof plan): readonly number[] => pieces.flatMap((piece) => piece.ids);
    return { before: ids(plan.slice(0, place)), after: ids(plan.slice(place)) };
  };
  return { full: split(post.single.full), bare: split(post.single.bare) };
}

/** Units of text read at once where only the first ids are wanted. */
const CHUNK = 4096;

function firstIds(
  text: string,
  limit: number,
  encoder: { push(chunk: string): Uint32Array; end(): Uint32Array },
): Uint32Array {
  const out: number[] = [];
  for (let at = 0; at < text.length && out.length < limit; at += CHUNK)
    for (const id of encoder.push(text.slice(at, at + CHUNK))) out.push(id);
  if (out.length < limit) for (const id of encoder.end()) out.push(id);
  return Uint32Array.from(out.slice(0, limit));
}
