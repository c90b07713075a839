/**
 * Takes back the end of a prompt that a longer token might have begun, and forces its bytes on what comes next.
 *
 * Paper    none (token healing of guidance-ai/guidance)
 * Shapes   ids [n]  ->  the first of them, and the bytes of the others
 * Cost     O(maxBackup log V) comparisons; `allowedTokens` O(forced bytes times log V) and its answer
 * Differs  the original takes back one token. With more the longest end that a token goes beyond is taken back. It is not
 *          exact: the model is asked about another prompt; `coverEncodings` is
 * Errors   ArgumentError: maxBackup that is no whole number from 0 up; an id outside the vocabulary; a token that is not
 *          allowed
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { TokenBytes } from "./token-bytes.js";

export interface HealedPrompt {
  /** The prompt to give to the model. */
  readonly prefixIds: Uint32Array;
  /** What the next tokens must begin with; empty where nothing is to heal. They are part of the prompt: do not show them again. */
  readonly forcedBytes: Uint8Array;
}

export interface HealOptions {
  /** Tokens that are taken back at most. Default: 1. */
  readonly maxBackup?: number;
}

/** A special token is never taken back. */
export function healPrompt(
  ids: ArrayLike<number>,
  tokens: TokenBytes,
  { maxBackup = 1 }: HealOptions = {},
): HealedPrompt {
  if (!Number.isInteger(maxBackup) || maxBackup < 0)
    throw new ArgumentError("healPrompt", "maxBackup", "a whole number from 0 up", maxBackup);
  const all = Uint32Array.from(ids);
  let forcedBytes: Uint8Array = new Uint8Array(0);
  let kept = all.length;
  let end = forcedBytes;
  for (let at = all.length - 1; at >= 0 && all.length - at <= maxBackup; at--) {
    const bytes = tokens.bytesOf(all[at]!);
    if (bytes.length === 0 || bytes.length + end.length >= tokens.longest) break;
    const longer = new Uint8Array(bytes.length + end.length);
    longer.set(bytes);
    longer.set(end, bytes.length);
    end = longer;
    if (!goesBeyond(end, tokens)) continue;
    forcedBytes = end;
    kept = at;
  }
  return { prefixIds: all.slice(0, kept), forcedBytes };
}

/** Whether a token begins with the bytes and is longer. Tokens are in the order of their bytes: the last one is, if any. */
function goesBeyond(bytes: Uint8Array, tokens: TokenBytes): boolean {
  const last = tokens.startingWith(bytes).at(-1);
  return last !== undefined && tokens.bytesOf(last).length > bytes.length;
}

/** The ids that agree with the forced bytes, ascending; null where none are forced and every token is allowed. */
export function allowedTokens(forcedBytes: Uint8Array, tokens: TokenBytes): Uint32Array | null {
  if (forcedBytes.length === 0) return null;
  const within: number[] = [];
  for (let length = 1; length < forcedBytes.length; length++)
    for (const id of tokens.startingWith(forcedBytes.subarray(0, length))) {
      if (tokens.bytesOf(id).length > length) break;
      within.push(id);
    }
  return Uint32Array.from([...within, ...tokens.startingWith(forcedBytes)]).sort();
}

/** The bytes that are still forced after a token. */
export function forcedAfter(forcedBytes: Uint8Array, id: number, tokens: TokenBytes): Uint8Array {
  const bytes = tokens.bytesOf(id);
  const shared = Math.min(bytes.length, forcedBytes.length);
  for (let i = 0; i < shared; i++)
    if (bytes[i] !== forcedBytes[i])
      throw new ArgumentError("forcedAfter", "id", "one of the tokens that are allowed", id);
  if (bytes.length === 0 && forcedBytes.length > 0)
    throw new ArgumentError("forcedAfter", "id", "a token that stands for bytes", id);
  return forcedBytes.subarray(shared);
}
