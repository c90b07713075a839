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
    return {
      push(token, emit) {
        if (token.length > bytes.length) bytes = new Uint8Array(token.length * 2);
        const known = readByteCharacters(token, byteOf, bytes);
        const chunk = known ? bytes.subarray(0, token.length) : encoder.encode(token);
        const text = decoder.decode(chunk, { stream: true });
        if (text !== "") emit(text);
      },
      end: (emit) => {
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

export const byteFallbackStage: StageKind = {
  joins: false,
  make(): Stage {
    const run: number[] = [];
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
    const flush = (emit: (token: string) => void): void => {
      if (run.length === 0) return;
      const bytes = Uint8Array.from(run);
      run.length = 0;
      let text: string | undefined;
      try {
        text = decoder.decode(bytes);
      } catch {
        for (let i = 0; i < bytes.length; i++) emit("\ufffd");
      }
      if (text !== undefined) emit(text);
    };
    return {
      push(token, emit) {
        const byte = byteToken(token);
        if (byte >= 0) run.push(byte);
        else {
          flush(emit);
          emit(token);
        }
      },
      end: flush,
    };
  },
};

/** The byte of `<0xNN>`, -1 for another token. */
function byteToken(token: string): number {
  if (token.length !== 6 || !token.startsWith("<0x") || !token.endsWith(">")) return -1;
  const digits = token.slice(3, 5);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}
