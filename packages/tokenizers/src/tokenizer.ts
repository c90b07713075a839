/**
 * Puts the parts of a tokenizer together: added tokens, normalizer, pre-tokenizer, model, post-processor, decoder.
 *
 * Paper    none (the pipeline of Hugging Face tokenizers)
 * Cost     encode: what the parts cost; nothing is allocated for a token
 * State    buffers that all calls share; large ones are given back at the next call
 * Errors   ArgumentError: not a string, longer than TEXT_LENGTH_LIMIT, an id that is no whole number
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { type AddedToken, type AddedTokenFinder, isWhitespace } from "./added-tokens.js";
import type { ChatRenderer } from "./chat.js";
import type { StageKind } from "./decoders/stage.js";
import type { Engine } from "./engine/engine.js";
import { TEXT_LENGTH_LIMIT } from "./limits.js";
import type { Model } from "./models/bpe.js";
import { TokenSink } from "./models/sink.js";
import type { Normalizer } from "./normalizers/build.js";
import type { PostStep } from "./post-processors/build.js";
import type { Step } from "./pre-tokenizers/build.js";
import { Spans } from "./pre-tokenizers/spans.js";
import { streamDecoder } from "./stream.js";
import { type AlignedText, endBefore, sliced, startAt, unaligned } from "./text/aligned.js";
import type { TokenTable } from "./token-table.js";
import type { DecodeOptions, EncodeOptions, EncodingPath, SpecialIds, Tokenizer } from "./types.js";

export interface TokenizerParts {
  readonly rawTokens: AddedTokenFinder | null;
  readonly normalizedTokens: AddedTokenFinder | null;
  readonly normalizer: Normalizer | null;
  readonly steps: readonly Step[];
  readonly model: Model;
  /** Encodes plain text faster than steps and model do, where no spans are asked for. */
  readonly engine: Engine | null;
  readonly path: EncodingPath;
  readonly post: readonly PostStep[];
  readonly stages: readonly StageKind[];
  readonly renderChat: ChatRenderer;
  /** Of the model and of the added tokens. */
  readonly table: TokenTable;
  readonly specialIds: SpecialIds;
}

export function makeTokenizer(parts: TokenizerParts): Tokenizer {
  const { model, steps, table, engine } = parts;
  const sink = new TokenSink();
  const buffers = steps.map(() => new Spans());
  const specials = new Set(parts.specialIds.all);

  /** Step `depth` and the ones behind it, on units `start` up to `end`. */
  function walk(depth: number, text: AlignedText, start: number, end: number): void {
    const step = steps[depth];
    if (step === undefined) {
      model.encode(text, start, end, sink);
      return;
    }
    if (step.kind === "split") {
      const spans = buffers[depth]!;
      spans.clear();
      step.split(text.text, start, end, spans);
      for (let i = 0; i < spans.length; i += 2)
        walk(depth + 1, text, spans.values[i]!, spans.values[i + 1]!);
    } else if (step.kind === "rewrite") {
      const rewritten = step.rewrite(sliced(text, start, end));
      if (rewritten.text.length > 0) walk(depth + 1, rewritten, 0, rewritten.text.length);
    }
  }

  /** Text without added tokens, units `start` up to `end`. */
  function plain(text: AlignedText, start: number, end: number): void {
    const part = sliced(text, start, end);
    if (engine === null || sink.withSpans) walk(0, part, 0, end - start);
    else engine.encode(part.text, sink);
  }

  function segment(text: string, start: number, end: number, specialAsText: boolean): void {
    const from = unaligned(text.slice(start, end), start);
    const normal = parts.normalizer?.(from) ?? from;
    if (normal.text.length === 0) return;
    if (parts.normalizedTokens === null) plain(normal, 0, normal.text.length);
    else
      parts.normalizedTokens.scan(
        normal.text,
        specialAsText,
        (a, b) => plain(normal, a, b),
        (token, a, b) => sink.add(token.id, startAt(normal, a), endBefore(normal, b)),
      );
  }

  function run(input: string, options: EncodeOptions, withSpans: boolean): void {
    const text = wellFormed(input);
    const specialAsText = options.specialTokensAsText ?? false;
    sink.clear(withSpans);
    if (options.addSpecialTokens ?? true) for (const id of before) sink.add(id, 0, 0);
    const first = sink.length;
    if (parts.rawTokens === null) segment(text, 0, text.length, specialAsText);
    else
      parts.rawTokens.scan(
        text,
        specialAsText,
        (start, end) => segment(text, start, end, specialAsText),
        (token: AddedToken, start, end) => sink.add(token.id, start, end),
      );
    if (withSpans && trim !== undefined) trimSpans(sink, first, table, trim.prefixSpace);
    if (options.addSpecialTokens ?? true) for (const id of after) sink.add(id, 0, 0);
  }

  const templates = parts.post.filter((step) => step.kind === "template");
  const before = templates.toReversed().flatMap((step) => step.before);
  const after = templates.flatMap((step) => step.after);
  const trim = parts.post.find((step) => step.kind === "trim");
  const decoder = (options: DecodeOptions = {}, eager = true) =>
    streamDecoder(parts.stages, table, options.skipSpecialTokens ? specials : undefined, eager);

  return {
    name: "hugging-face",
    encode(text, options = {}) {
      run(text, options, false);
      return sink.ids.slice(0, sink.length);
    },
    encodeWithOffsets(text, options = {}) {
      run(text, options, true);
      return {
        ids: sink.ids.slice(0, sink.length),
        offsets: sink.spans.slice(0, sink.length * 2),
      };
    },
    count(text, options = {}) {
      run(text, options, false);
      return sink.length;
    },
    decode(ids, options = {}) {
      const stream = decoder(options, false);
      const pieces: string[] = [];
      for (let i = 0; i < ids.length; i++) pieces.push(stream.push(ids[i]!));
      pieces.push(stream.end());
      return pieces.join("");
    },
    decoder: (options) => decoder(options),
    renderChat: parts.renderChat,
    tokenToId: (token) => table.idOf(token),
    idToToken: (id) => table.tokenOf(id),
    specialIds: parts.specialIds,
    vocabularySize: table.size,
    path: parts.path,
  };
}

/** The text with U+FFFD for each lone surrogate; positions stay. */
function wellFormed(text: string): string {
  if (typeof text !== "string") throw new ArgumentError("encode", "text", "a string", text);
  if (text.length > TEXT_LENGTH_LIMIT)
    throw new ArgumentError(
      "encode",
      "text",
      `at most ${TEXT_LENGTH_LIMIT} characters long`,
      text.length,
      "Encode it in parts.",
    );
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, "\ufffd") : text;
}

/** Takes the whitespace that a token begins or ends with out of its span. */
function trimSpans(sink: TokenSink, first: number, table: TokenTable, prefixSpace: boolean): void {
  for (let i = first; i < sink.length; i++) {
    const token = table.tokenOf(sink.ids[i]!) ?? "";
    let start = sink.spans[i * 2]!;
    let end = sink.spans[i * 2 + 1]!;
    let leading = 0;
    while (leading < token.length && isSpace(token.charCodeAt(leading))) leading++;
    let trailing = 0;
    while (trailing < token.length && isSpace(token.charCodeAt(token.length - 1 - trailing)))
      trailing++;
    if (leading > 0) {
      if ((i === first || start === 0) && prefixSpace) leading--;
      start = Math.min(start + leading, end);
    }
    if (trailing > 0 && end >= trailing) end = Math.max(end - trailing, start);
    sink.spans[i * 2] = start;
    sink.spans[i * 2 + 1] = end;
  }
}

/** U+0120 is the space in the byte alphabet. */
const isSpace = (code: number): boolean => code === 0x120 || isWhitespace(code);
