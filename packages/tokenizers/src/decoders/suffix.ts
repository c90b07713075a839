/**
 * Makes spaces of the suffix that ends words; that of the last token is dropped.
 *
 * Paper    none (the decoder BPEDecoder of Hugging Face tokenizers)
 * Cost     one pass; the suffixes that a token ends in, or all of one that holds them elsewhere, are held back until the
 *          next token comes
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
          const place = suffix === "" ? 0 : token.indexOf(suffix);
          const count = (token.length - place) / suffix.length;
          const atEnd = place > 0 && suffix.repeat(Math.floor(count)) === token.slice(place);
          held = place < 0 ? undefined : atEnd ? token.slice(place) : token;
          if (place < 0) emit(token);
          else if (atEnd) emit(token.slice(0, place));
        },
        end: (emit) => {
          if (held !== undefined) emit(held.replaceAll(suffix, ""));
          held = undefined;
        },
      };
    },
  };
}
