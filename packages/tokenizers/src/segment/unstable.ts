/**
 * Encodes a text that may go on, and lists what its end may become.
 *
 * Paper    none (`encode_with_unstable` of OpenAI's tiktoken 0.14)
 * Shapes   text  ->  the ids that stay, and sequences of ids, ascending, each of which stands for the rest of the text and
 *          maybe more
 * Cost     one encoding of the text, and one of the last piece for each token that begins with an end of it: some 100,000
 *          short encodings where the piece ends in a space and the vocabulary is large
 * Differs  the completions come in order and not as a set. Like the original it takes splits as given but for the cases it
 *          knows, so completions may be missing; `coverEncodings` is exact
 * Errors   those of `tokenBytes` and of encoding
 */
import { sequenceLength } from "../decoders/bytes.js";
import type { EncodeOptions, Tokenizer } from "../types.js";
import { joined, textOf } from "./byte-encodings.js";
import { type TokenBytes, tokenBytes } from "./token-bytes.js";

export interface UnstableEncoding {
  readonly stable: Uint32Array;
  readonly completions: readonly Uint32Array[];
}

export interface UnstableOptions
  extends Pick<EncodeOptions, "specialTokensAsText" | "refuseSpecialTokens"> {
  /** Those of the tokenizer, where many texts are encoded. */
  readonly tokens?: TokenBytes;
}

const PLAIN = { addSpecialTokens: false, truncation: null, padding: null } as const;

export function encodeWithUnstable(
  tokenizer: Tokenizer,
  text: string,
  { tokens = tokenBytes(tokenizer), ...options }: UnstableOptions = {},
): UnstableEncoding {
  const { ids, wordIds } = tokenizer.encodeInput({ text }, { ...PLAIN, ...options });
  const start = unstableStart(ids, wordIds, tokens);
  const stable = ids.slice(0, start);
  const bytes = tokenizer.decodeBytes(ids.subarray(start));
  if (bytes.length === 0) return { stable, completions: [] };
  const found = new Map<string, Uint32Array>();
  const add = (completion: Uint32Array): void => {
    found.set(completion.join(), completion);
  };
  for (const id of tokens.startingWith(bytes)) add(Uint32Array.of(id));
  for (let cut = 1; cut < bytes.length; cut++)
    for (const id of tokens.startingWith(bytes.subarray(cut))) {
      const whole = concatenated(bytes.subarray(0, cut), tokens.bytesOf(id));
      add(covering(encoded(tokenizer, whole), bytes.length, tokens));
    }
  const apart = lastSpaceApart(tokenizer, bytes);
  if (apart !== null) add(apart);
  return { stable, completions: [...found.values()].sort(inOrder) };
}

/** Where the last piece begins; white space before a piece that begins with white space may join it. */
function unstableStart(ids: Uint32Array, wordIds: Int32Array, tokens: TokenBytes): number {
  const isSpecial = (at: number): boolean => tokens.bytesOf(ids[at]!).length === 0;
  let start = ids.length;
  if (start === 0 || isSpecial(start - 1)) return start;
  while (start > 0 && wordIds[start - 1] === wordIds[ids.length - 1]) start--;
  const isSpace = (at: number): boolean =>
    !isSpecial(at) && tokens.bytesOf(ids[at]!).every((b) => b === 0x20 || b === 0x0a || b === 0x09);
  if (isSpace(start)) while (start > 0 && isSpace(start - 1)) start--;
  return start;
}

/** As a text where the bytes are one, so that splits may appear; else as one piece. */
function encoded(tokenizer: Tokenizer, bytes: Uint8Array): Uint32Array {
  const text = textOf(bytes);
  return text === undefined
    ? tokenizer.encodePiece(bytes)
    : tokenizer.encode(text, { ...PLAIN, specialTokensAsText: true });
}

/** The ids that it takes to cover so many bytes. */
function covering(ids: Uint32Array, byteLength: number, tokens: TokenBytes): Uint32Array {
  let count = 0;
  for (let covered = 0; count < ids.length && covered < byteLength; count++)
    covered += tokens.bytesOf(ids[count]!).length;
  return ids.slice(0, count);
}

/** A last character that is white space as a piece of its own: what follows may split it off. */
function lastSpaceApart(tokenizer: Tokenizer, bytes: Uint8Array): Uint32Array | null {
  let start = bytes.length - 1;
  while (start > 0 && (bytes[start]! & 0xc0) === 0x80) start--;
  if (start === 0 || sequenceLength(bytes[start]!) !== bytes.length - start) return null;
  const last = textOf(bytes.subarray(start));
  if (last === undefined || !/^\p{White_Space}$/u.test(last)) return null;
  return joined(
    tokenizer.encodePiece(bytes.subarray(0, start)),
    tokenizer.encodePiece(bytes.subarray(start)),
  );
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

function inOrder(a: Uint32Array, b: Uint32Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
