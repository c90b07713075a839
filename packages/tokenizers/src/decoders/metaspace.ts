/**
 * Makes spaces of the marks that stand for them; those of the first token are dropped, unless none was put in front.
 *
 * Paper    none (the decoder of Hugging Face tokenizers)
 * Cost     one pass
 */
import { onWhole, type StageKind } from "./stage.js";

export function metaspaceStage(mark: string, keepFirst: boolean, joined: boolean): StageKind {
  const spaced = (text: string, isFirst: boolean): string =>
    text.replaceAll(mark, isFirst && !keepFirst ? "" : " ");
  if (joined) return onWhole((text) => spaced(text, true));
  return {
    joins: false,
    make: () => {
      let first = true;
      return {
        push(token, emit) {
          emit(spaced(token, first));
          first = false;
        },
        end: () => {
          first = true;
        },
      };
    },
  };
}
