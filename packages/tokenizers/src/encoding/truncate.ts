/**
 * Decides which tokens of one text or two are kept, and in which windows the rest comes.
 *
 * Paper    none (the truncation of Hugging Face tokenizers; `middle` is our own)
 * Shapes   windows: [start, end) over the tokens of a text, the kept one first
 * Cost     O(windows)
 * Errors   ArgumentError: a stride that leaves no way forward, a text too short to give what must go, no second text
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Truncation } from "../types.js";

export type Window = readonly [start: number, end: number];

/** Windows kept for one input: their ids are at most this many times the limit of a window. */
const WINDOW_LIMIT = 1 << 20;

/** `room`: tokens for the texts, without those that the post-processor adds. `second` is -1 where there is no text. */
export function windowsOf(
  first: number,
  second: number,
  room: number,
  options: Truncation,
): { readonly first: readonly Window[]; readonly second: readonly Window[] } {
  const [a, b] = lengths(first, second, room, options.strategy ?? "longest-first");
  return {
    first: windows(first, a, options),
    second: second < 0 ? [] : windows(second, b, options),
  };
}

function lengths(
  first: number,
  second: number,
  room: number,
  strategy: NonNullable<Truncation["strategy"]>,
): readonly [number, number] {
  const excess = first + Math.max(0, second) - room;
  if (room === 0) return [0, 0];
  if (excess <= 0) return [first, second];
  if (strategy === "longest-first") {
    if (second < 0) return [room, second];
    const shorter = Math.min(first, second);
    const rest = shorter > room ? shorter : Math.max(shorter, room - shorter);
    const half = Math.floor(room / 2);
    const [a, b] = shorter + rest > room ? [half, half + (room % 2)] : [shorter, rest];
    return first > second ? [b, a] : [a, b];
  }
  const target = strategy === "only-first" ? first : second;
  if (target < 0) refuse("strategy", '"longest-first" or "only-first" for one text', strategy);
  if (target <= excess) refuse("strategy", `one that can drop ${excess} tokens`, strategy);
  return strategy === "only-first" ? [first - excess, second] : [first, second - excess];
}

function windows(length: number, most: number, options: Truncation): readonly Window[] {
  if (most >= length) return [[0, length]];
  if (most === 0)
    return [
      [0, 0],
      [0, length],
    ];
  const side = options.side ?? "right";
  const stride = options.stride ?? 0;
  if (stride >= most) refuse("stride", `below the ${most} tokens of a window`, stride);
  const step = most - stride;
  if (length / step > WINDOW_LIMIT) refuse("stride", "one that makes fewer windows", stride);
  const found: Window[] = [];
  if (side === "left") {
    for (let end = length; end > 0; end -= step) {
      found.push([Math.max(0, end - most), end]);
      if (end <= most) break;
    }
    return found;
  }
  for (let start = 0; start < length; start += step) {
    found.push([start, Math.min(start + most, length)]);
    if (start + most >= length) break;
  }
  return found;
}

function refuse(argument: string, expected: string, received: unknown): never {
  throw new ArgumentError("encode", `truncation.${argument}`, expected, received);
}
