/**
 * Makes spaces of the suffix that ends words; that of the last token is dropped.
 *
 * Paper    none (the decoder BPEDecoder of Hugging Face tokenizers)
 * Cost     one pass; the end of a token from its suffix on is held back until the next one comes
 */
import { onWhole, type StageKind } from "./stage.js";

export function suffixStage(suffix: string, joined: boolean): StageKind {
  if (joined) return onWhole((text) => text.replaceAll(suffix, ""));
  return {
    joins: false,
    make: () => {
      let held: string | undefined;
      return {
        push(token, emit) {
          if (held !== undefined) emit(held.replaceAll(suffix, " "));
          held = undefined;
          if (token.includes(suffix)) held = token;
          else emit(token);
        },
        end: (emit) => {
          if (held !== undefined) emit(held.replaceAll(suffix, ""));
          held = undefined;
        },
      };
    },
  };
}
