/**
 * Joins the pieces of words: a prefix is taken off, other tokens have a space before them.
 *
 * Paper    none (the decoder of Hugging Face tokenizers)
 * Cost     one pass
 */
import { onWhole, type StageKind } from "./stage.js";

export function wordPieceStage(prefix: string, cleanup: boolean, joined: boolean): StageKind {
  if (joined) return onWhole((text) => (cleanup ? cleanedUp(text) : text));
  return {
    joins: false,
    make: () => {
      let first = true;
      return {
        push(token, emit) {
          const text = first
            ? token
            : token.startsWith(prefix)
              ? token.slice(prefix.length)
              : ` ${token}`;
          first = false;
          emit(cleanup ? cleanedUp(text) : text);
        },
        end: () => {
          first = true;
        },
      };
    },
  };
}

const CLEANUP: readonly (readonly [string, string])[] = [
  [" .", "."],
  [" ?", "?"],
  [" !", "!"],
  [" ,", ","],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [" do not", " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
];

/** English punctuation drawn to the word before it. */
export const cleanedUp = (text: string): string =>
  CLEANUP.reduce((current, [from, to]) => current.replaceAll(from, to), text);
