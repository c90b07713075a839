/**
 * Turns tokens back into bytes and these into text: the alphabet of GPT-2, and `<0xNN>` tokens.
 *
 * Cost     one pass; the bytes of an unfinished character, or of a run of `<0xNN>`, are held back
 * Differs  bytes that are not UTF-8 become U+FFFD, one for each faulty sequence (alphabet of GPT-2) or one for each
 *          byte of the run (`<0xNN>`), as in Hugging Face tokenizers
 */
import { characterBytes } from "../text/byte-characters.js";
import type { Stage, StageKind } from "./stage.js";

export const byteLevelStage: StageKind = {
  joins: true,
  make() {
    const byteOf = characterBytes();
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const encoder = new TextEncoder();
    let bytes = new Uint8Array(256);
    // Bytes of the unfinished character.
    let missing = 0;
    return {
      push(token, emit) {
        if (token.length > bytes.length) bytes = new Uint8Array(token.length * 2);
        const known = readByteCharacters(token, byteOf, bytes);
        const chunk = known ? bytes.subarray(0, token.length) : encoder.encode(token);
        const text = decoder.decode(chunk, { stream: true });
        for (const byte of chunk) {
          if (byte < 0x80 || byte > 0xbf) missing = Math.max(0, sequenceLength(byte) - 1);
          else if (missing > 0) missing--;
        }
        if (text !== "") emit(text);
      },
      isInside: () => missing > 0,
      end: (emit) => {
        missing = 0;
        const text = decoder.decode();
        if (text !== "") emit(text);
      },
    };
  },
};

/** False where a character is not of the alphabet: the token then stands for itself. */
function readByteCharacters(token: string, byteOf: Int16Array, into: Uint8Array): boolean {
  for (let i = 0; i < token.length; i++) {
    const code = token.charCodeAt(i);
    const byte = code < byteOf.length ? byteOf[code]! : -1;
    if (byte < 0) return false;
    into[i] = byte;
  }
  return true;
}

/**
 * A run of `<0xNN>` tokens. A whole run that is not UTF-8 gives U+FFFD for each of its bytes. A stream (`eager`) cannot
 * wait for the end of the run: it gives each character when it is complete, and U+FFFD only for the bytes from the first
 * fault on.
 */
export const byteFallbackStage: StageKind = {
  joins: false,
  make(eager): Stage {
    const run: number[] = [];
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
    let faulty = false;
    const flush = (emit: (token: string) => void): void => {
      const text = run.length === 0 || faulty ? undefined : decoded(decoder, run);
      if (text !== undefined) emit(text);
      else for (let i = 0; i < run.length; i++) emit("\ufffd");
      run.length = 0;
    };
    return {
      push(token, emit) {
        const byte = byteToken(token);
        if (byte < 0) {
          flush(emit);
          faulty = false;
          emit(token);
          return;
        }
        run.push(byte);
        if (!eager) return;
        faulty ||= run.length > sequenceLength(run[0]!);
        if (faulty || run.length === sequenceLength(run[0]!)) {
          faulty ||= decoded(decoder, run) === undefined;
          flush(emit);
        }
      },
      isInside: () => run.length > 0,
      end(emit) {
        flush(emit);
        faulty = false;
      },
    };
  },
};

export function decoded(decoder: TextDecoder, bytes: readonly number[]): string | undefined {
  try {
    return decoder.decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** How many bytes a character takes that begins with `byte`; 0 where none does. */
export function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc2) return 0;
  if (byte < 0xe0) return 2;
  if (byte < 0xf0) return 3;
  return byte < 0xf5 ? 4 : 0;
}

/** The byte of `<0xNN>`, -1 for another token. */
export function byteToken(token: string): number {
  if (token.length !== 6 || !token.startsWith("<0x") || !token.endsWith(">")) return -1;
  const digits = token.slice(3, 5);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}
