/**
 * Takes one text through added tokens, normalizer, pre-tokenizer and model, into a sink.
 *
 * Paper    none (the pipeline of Hugging Face tokenizers)
 * Cost     what the parts cost; nothing is allocated for a token
 * State    buffers that all calls share
 */
import type { AddedToken, AddedTokenFinder } from "./added-tokens.js";
import type { Engine } from "./engine/engine.js";
import type { Model } from "./models/bpe.js";
import type { TokenSink } from "./models/sink.js";
import type { Normalizer } from "./normalizers/build.js";
import type { Step } from "./pre-tokenizers/build.js";
import { toByteCharacters } from "./pre-tokenizers/byte-level.js";
import { type OnPiece, walker } from "./pre-tokenizers/walk.js";
import { type AlignedText, endBefore, sliced, startAt, unaligned } from "./text/aligned.js";

export interface PipelineParts {
  readonly rawTokens: AddedTokenFinder | null;
  readonly normalizedTokens: AddedTokenFinder | null;
  readonly normalizer: Normalizer | null;
  readonly steps: readonly Step[];
  readonly model: Model;
  /** The model reads the bytes of a piece, whose alphabet is then not written out. */
  readonly readsBytes: boolean;
  /** Encodes plain text faster than steps and model do, where no spans are asked for. */
  readonly engine: Engine | null;
}

export interface Pipeline {
  /** `isText`: added tokens to read as plain text. */
  encode(text: string, isText: (token: AddedToken) => boolean, sink: TokenSink): void;
  normalize(text: string): string;
  preTokenize(text: string): { pieces: string[]; offsets: Uint32Array };
}

export function pipeline(parts: PipelineParts): Pipeline {
  const { model, steps, engine, normalizer, rawTokens, normalizedTokens } = parts;
  const walk = walker(steps);

  return {
    encode(text, isText, sink) {
      const onPiece: OnPiece = (piece, start, end) => {
        model.encode(piece, start, end, sink);
        sink.word++;
      };
      const add = (token: AddedToken, start: number, end: number, from: AlignedText): void => {
        sink.addFrom(token.id, from, start, end);
        sink.word++;
      };
      const whole = unaligned(text, 0);
      const plain: OnPiece = (from, start, end) => {
        const part = sliced(from, start, end);
        if (engine === null || sink.withSpans) walk(part, 0, end - start, onPiece);
        else engine.encode(part.text, sink);
      };
      const segment = (start: number, end: number): void => {
        const from = unaligned(text.slice(start, end), start);
        const normal = normalizer?.(from) ?? from;
        if (normal.text.length === 0) return;
        if (normalizedTokens === null) plain(normal, 0, normal.text.length);
        else
          normalizedTokens.scan(
            normal.text,
            isText,
            (a, b) => plain(normal, a, b),
            (token, a, b) => add(token, a, b, normal),
          );
      };
      if (rawTokens === null) segment(0, text.length);
      else rawTokens.scan(text, isText, segment, (token, a, b) => add(token, a, b, whole));
    },
    normalize: (text) => normalizer?.(unaligned(text, 0)).text ?? text,
    preTokenize(text) {
      const pieces: string[] = [];
      const offsets: number[] = [];
      // Without a pre-tokenizer a text is one piece, also the empty one.
      if (text === "")
        return steps.length === 0
          ? { pieces: [""], offsets: Uint32Array.of(0, 0) }
          : { pieces, offsets: new Uint32Array(0) };
      walk(unaligned(text, 0), 0, text.length, (from, start, end) => {
        const piece = sliced(from, start, end);
        pieces.push(parts.readsBytes ? toByteCharacters(piece).text : piece.text);
        offsets.push(startAt(from, start), endBefore(from, end));
      });
      return { pieces, offsets: Uint32Array.from(offsets) };
    },
  };
}
