/**
 * Takes up to `start` copies of a character from the front and up to `stop` from the end, of a token or of the text of
 * joined tokens.
 *
 * Cost     one pass; joined, at most `stop` copies are held back
 * Differs  where both ends claim the same copy the front has it; Hugging Face tokenizers ends the program there
 */
import type { StageKind } from "./stage.js";

export function stripToken(token: string, content: string, start: number, stop: number): string {
  const width = content.length;
  let from = 0;
  for (let i = 0; i < start && token.startsWith(content, from); i++) from += width;
  let to = token.length;
  for (let i = 0; i < stop && to - width >= from && token.startsWith(content, to - width); i++)
    to -= width;
  return token.slice(from, to);
}

export function stripJoined(content: string, start: number, stop: number): StageKind {
  return {
    joins: true,
    make: () => {
      let toStrip = start;
      // Copies of the character at the end that may yet be the last ones.
      let held = 0;
      return {
        push(piece, emit) {
          let from = 0;
          while (toStrip > 0 && piece.startsWith(content, from)) {
            from += content.length;
            toStrip--;
          }
          if (from === piece.length) return;
          toStrip = 0;
          let to = piece.length;
          let copies = 0;
          while (to > from && piece.startsWith(content, to - content.length)) {
            to -= content.length;
            copies++;
          }
          const all = to === from ? held + copies : copies;
          const before = to === from ? "" : content.repeat(held) + piece.slice(from, to);
          held = Math.min(all, stop);
          const text = before + content.repeat(all - held);
          if (text !== "") emit(text);
        },
        end() {
          toStrip = start;
          held = 0;
        },
      };
    },
  };
}
