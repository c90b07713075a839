/**
 * Takes a text through the steps of a pre-tokenizer, one after the other, down to its pieces.
 *
 * Cost     what the steps cost; nothing is allocated for a piece that is not rewritten
 * State    one buffer a step, which all calls share
 */
import { type AlignedText, sliced } from "../text/aligned.js";
import type { Step } from "./build.js";
import { Spans } from "./spans.js";

/** What is done with a piece, units `start` up to `end`. */
export type OnPiece = (text: AlignedText, start: number, end: number) => void;

/** Gives every piece of units `start` up to `end` in turn. */
export type Walk = (text: AlignedText, start: number, end: number, onPiece: OnPiece) => void;

export function walker(steps: readonly Step[]): Walk {
  const buffers = steps.map(() => new Spans());

  /** Step `depth` and the ones behind it. */
  function walk(
    depth: number,
    text: AlignedText,
    start: number,
    end: number,
    onPiece: OnPiece,
  ): void {
    const step = steps[depth];
    if (step === undefined) {
      onPiece(text, start, end);
      return;
    }
    if (step.kind === "split") {
      const spans = buffers[depth]!;
      spans.clear();
      step.split(text.text, start, end, spans);
      for (let i = 0; i < spans.length; i += 2)
        walk(depth + 1, text, spans.values[i]!, spans.values[i + 1]!, onPiece);
    } else if (step.kind === "rewrite") {
      const rewritten = step.rewrite(sliced(text, start, end));
      if (rewritten.text.length > 0) walk(depth + 1, rewritten, 0, rewritten.text.length, onPiece);
    }
  }

  return (text, start, end, onPiece) => walk(0, text, start, end, onPiece);
}
