/**
 * Puts the encodings of one text or two and the tokens around them together.
 *
 * Cost     O(ids), for each window
 */
import type { PostPiece } from "../post-processors/build.js";
import type { InputEncoding, Padding } from "../types.js";
import type { Window } from "./truncate.js";

/** One text, encoded. */
export interface EncodedText {
  readonly ids: Uint32Array;
  readonly offsets: Uint32Array;
  readonly wordIds: Int32Array;
  readonly surfaces?: readonly string[];
}

/** `windows[t]` are the tokens of text t that are taken; two where the middle is left out. */
export function assemble(
  plan: readonly PostPiece[],
  texts: readonly EncodedText[],
  windows: readonly (readonly Window[])[],
): InputEncoding {
  let length = 0;
  for (const piece of plan)
    length += piece.text < 0 ? piece.ids.length : kept(windows[piece.text]!);
  const out = empty(length);
  const surfaces: string[] = [];
  let at = 0;
  for (const piece of plan) {
    if (piece.text < 0) {
      out.ids.set(piece.ids, at);
      out.specialTokensMask.fill(1, at, at + piece.ids.length);
      for (const _ of piece.ids) surfaces.push("");
      out.typeIds.fill(piece.typeId, at, at + piece.ids.length);
      at += piece.ids.length;
      continue;
    }
    const text = texts[piece.text]!;
    for (const [start, end] of windows[piece.text]!) {
      const to = at + end - start;
      out.ids.set(text.ids.subarray(start, end), at);
      out.offsets.set(text.offsets.subarray(start * 2, end * 2), at * 2);
      out.wordIds.set(text.wordIds.subarray(start, end), at);
      out.typeIds.fill(piece.typeId, at, to);
      out.sequenceIds.fill(piece.text, at, to);
      for (let i = start; i < end; i++) surfaces.push(text.surfaces?.[i] ?? "");
      at = to;
    }
  }
  out.attentionMask.fill(1);
  return texts.some((text) => text.surfaces !== undefined) ? { ...out, surfaces } : out;
}

const kept = (windows: readonly Window[]): number =>
  windows.reduce((sum, [start, end]) => sum + end - start, 0);

function empty(length: number): InputEncoding {
  return {
    ids: new Uint32Array(length),
    offsets: new Uint32Array(length * 2),
    wordIds: new Int32Array(length).fill(-1),
    typeIds: new Uint32Array(length),
    sequenceIds: new Int8Array(length).fill(-1),
    specialTokensMask: new Uint8Array(length),
    attentionMask: new Uint8Array(length),
    overflowing: [],
  };
}

/** The length to which `longest` ids and all shorter ones are filled up. */
export function paddedLength(longest: number, { to = "longest", multipleOf = 0 }: Padding): number {
  const length = to === "longest" ? longest : to;
  return multipleOf > 0 ? Math.ceil(length / multipleOf) * multipleOf : length;
}

/** Filled up to `length`, its overflowing windows too; longer ones stay as they are. */
export function padded(from: InputEncoding, length: number, padding: Padding): InputEncoding {
  const overflowing = from.overflowing.map((window) => padded(window, length, padding));
  const more = length - from.ids.length;
  if (more <= 0) return { ...from, overflowing };
  const out = empty(length);
  const at = padding.side === "left" ? more : 0;
  const gap = padding.side === "left" ? 0 : from.ids.length;
  out.ids.set(from.ids, at);
  out.offsets.set(from.offsets, at * 2);
  out.wordIds.set(from.wordIds, at);
  out.typeIds.set(from.typeIds, at);
  out.sequenceIds.set(from.sequenceIds, at);
  out.specialTokensMask.set(from.specialTokensMask, at);
  out.attentionMask.set(from.attentionMask, at);
  out.ids.fill(padding.id, gap, gap + more);
  out.typeIds.fill(padding.typeId ?? 0, gap, gap + more);
  out.specialTokensMask.fill(1, gap, gap + more);
  if (from.surfaces === undefined) return { ...out, overflowing };
  const filling = Array<string>(more).fill("");
  const surfaces =
    padding.side === "left" ? [...filling, ...from.surfaces] : [...from.surfaces, ...filling];
  return { ...out, overflowing, surfaces };
}
