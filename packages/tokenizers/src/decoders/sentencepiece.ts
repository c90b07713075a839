/**
 * Joins pieces of SentencePiece: marks become spaces, the first one falls away, bytes become characters.
 *
 * Paper    Kudo and Richardson, arXiv:1808.06226
 * Cost     one pass; the bytes of an unfinished character are held back
 * Differs  each byte that is no part of a character becomes U+FFFD, as in the original
 */
import { MARK } from "../normalizers/sentencepiece.js";
import { byteToken, decoded, sequenceLength } from "./bytes.js";
import type { StageKind } from "./stage.js";

export interface SentencePieceDecoding {
  readonly control: ReadonlySet<string>;
  readonly unknown: string;
  readonly unknownSurface: string;
  readonly bytes: boolean;
  readonly dummyPrefix: boolean;
  readonly trimSpaces: boolean;
}

export const sentencePieceStage = (options: SentencePieceDecoding): StageKind => ({
  joins: true,
  make() {
    const run: number[] = [];
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
    let atStart = true;

    const write = (text: string, emit: (text: string) => void): void => {
      if (text === "") return;
      atStart = false;
      emit(text);
    };
    /** Characters that are whole; with `all` nothing stays behind. */
    const flush = (all: boolean, emit: (text: string) => void): void => {
      while (run.length > 0) {
        const length = sequenceLength(run[0]!);
        if (!all && run.length < length && run.slice(1).every((byte) => (byte & 0xc0) === 0x80))
          return;
        const text = length === 0 ? undefined : decoded(decoder, run.slice(0, length));
        const whole = text !== undefined && run.length >= length;
        write(whole ? text : "\ufffd", emit);
        run.splice(0, whole ? length : 1);
      }
    };

    return {
      push(token, emit) {
        const byte = options.bytes ? byteToken(token) : -1;
        if (byte >= 0) {
          run.push(byte);
          flush(false, emit);
          return;
        }
        flush(true, emit);
        if (options.control.has(token)) return;
        if (token === options.unknown) {
          write(options.unknownSurface, emit);
          return;
        }
        let text = token;
        if (atStart && (options.dummyPrefix || options.trimSpaces) && text.startsWith(MARK)) {
          text = text.slice(1);
          if (!options.trimSpaces) atStart = false;
        }
        write(text.replaceAll(MARK, " "), emit);
      },
      isInside: () => run.length > 0,
      end(emit) {
        flush(true, emit);
        atStart = true;
      },
    };
  },
});
