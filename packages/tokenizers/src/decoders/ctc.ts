/**
 * Reads the output of a connectionist temporal classification: repeated tokens count once, padding falls away.
 *
 * Paper    none (the decoder of Hugging Face tokenizers)
 * Cost     one pass
 */
import type { StageKind } from "./stage.js";
import { cleanedUp } from "./word-piece.js";

export interface CtcOptions {
  readonly padToken: string;
  readonly wordDelimiter: string;
  readonly cleanup: boolean;
}

export function ctcStage({ padToken, wordDelimiter, cleanup }: CtcOptions): StageKind {
  return {
    joins: false,
    make: () => {
      let last: string | undefined;
      return {
        push(token, emit) {
          if (token === last) return;
          last = token;
          let text = token.replaceAll(padToken, "");
          if (cleanup) text = cleanedUp(text).replaceAll(wordDelimiter, " ");
          if (text !== "") emit(text);
        },
        end: () => {
          last = undefined;
        },
      };
    },
  };
}
