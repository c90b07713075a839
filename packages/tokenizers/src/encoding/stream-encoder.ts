/**
 * Encodes a text that comes in parts.
 *
 * Cost     what encoding the whole costs: each character is looked at for a cut once and encoded once; what stands
 *          behind the last cut is held back
 * Errors   ArgumentError: a chunk that is no string, more than TEXT_LENGTH_LIMIT held back
 */
import type { AddedToken } from "../added-tokens.js";
import { TokenSink } from "../models/sink.js";
import type { Pipeline } from "../pipeline.js";
import type { StreamEncoder } from "../types.js";
import { wellFormed } from "./options.js";

/**
 * The last place behind `from` at which the text may be cut, whatever follows it; -1 where there is none. The ids of both
 * parts joined are those of the whole.
 */
export type CutFinder = (text: string, from: number) => number;

export function streamEncoder(
  pipeline: Pipeline,
  cut: CutFinder | null,
  isText: (token: AddedToken) => boolean,
  ends: { readonly before: readonly number[]; readonly after: readonly number[] },
): StreamEncoder {
  const sink = new TokenSink();
  let held: string[] = [];
  let heldLength = 0;
  let started = false;

  function encode(text: string): void {
    if (!started) for (const id of ends.before) sink.add(id, 0, 0);
    started = true;
    pipeline.encode(wellFormed(text), isText, sink);
  }

  const taken = (): Uint32Array => {
    const ids = sink.ids.slice(0, sink.length);
    sink.clear(false);
    return ids;
  };

  return {
    push(chunk) {
      if (typeof chunk !== "string" || chunk === "") {
        wellFormed(chunk, "chunk");
        return new Uint32Array(0);
      }
      // The character before the chunk decides about a cut at its front.
      const last = held.at(-1)?.at(-1) ?? "";
      const place = cut?.(last + chunk, last.length - 1) ?? -1;
      if (place < 0) {
        held.push(chunk);
        heldLength += chunk.length;
        return new Uint32Array(0);
      }
      const end = place - last.length;
      encode(held.join("") + chunk.slice(0, end));
      held = [chunk.slice(end)];
      heldLength = chunk.length - end;
      return taken();
    },
    end() {
      if (heldLength > 0 || !started) encode(held.join(""));
      for (const id of ends.after) sink.add(id, 0, 0);
      held = [];
      heldLength = 0;
      started = false;
      return taken();
    },
  };
}
