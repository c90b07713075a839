/**
 * Says which tokens dynamic merging may join: those inside a piece, a word or a sentence.
 *
 * Paper    arXiv:2411.18553, by the rules of its released code
 * Shapes   tokens in the byte alphabet of GPT-2
 * Cost     O(length of both tokens) a pair, and the pre-tokenizer's
 * Differs  a character outside the byte alphabet stands for itself (the released code fails on it)
 * Errors   none
 */
import { characterBytes, utf8At } from "../text/byte-characters.js";
import type { Tokenizer } from "../types.js";

/** Whether two neighbors may become one token. */
export type MergeBoundary = (left: string, right: string) => boolean;

export interface WordBoundaryOptions {
  /** Tokens that join with nothing. Default: none. */
  readonly specialTokens?: ReadonlySet<string>;
  /** Given: what is in it follows a token that is not in it only where it is a hyphen. */
  readonly punctuation?: ReadonlySet<string>;
}

/** Inside what the pre-tokenizer of the base tokenizer makes one piece. */
export function pieceBoundary(tokenizer: Pick<Tokenizer, "preTokenize">): MergeBoundary {
  return bounded((text) => tokenizer.preTokenize(text).pieces.length === 1);
}

/** Inside what stands between white space. */
export function wordBoundary({
  specialTokens,
  punctuation,
}: WordBoundaryOptions = {}): MergeBoundary {
  return bounded((text, left, right) => {
    if (!ONE_WORD.test(text) || specialTokens?.has(left) || specialTokens?.has(right)) return false;
    if (punctuation === undefined || punctuation.has(left) || !punctuation.has(right)) return true;
    return right === "-";
  });
}

/** Everywhere but at special tokens and across white space. */
export function sentenceBoundary({
  specialTokens,
}: Pick<WordBoundaryOptions, "specialTokens"> = {}): MergeBoundary {
  return (left, right) =>
    !crossesSpace(left + right) && !specialTokens?.has(left) && !specialTokens?.has(right);
}

/** The tokens of a vocabulary that hold punctuation and no digit. */
export function punctuationTokens(vocabulary: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const token of vocabulary)
    if (/[.,!?;:()"'\\/`$%&*+<=>@[\]^_{|}~-]/.test(token) && !/[\p{Nd}²³¹]/u.test(token))
      found.add(token);
  return found;
}

const ONE_WORD = /^\p{White_Space}*\P{White_Space}+\p{White_Space}*$/u;

/** What is not text may be joined: it may become text. */
function bounded(test: (text: string, left: string, right: string) => boolean): MergeBoundary {
  const byteOf = characterBytes();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return (left, right) => {
    const both = left + right;
    if (crossesSpace(both)) return false;
    const bytes = new Uint8Array(both.length * 3);
    let length = 0;
    for (let i = 0; i < both.length; i++) {
      const byte = byteOf[both.charCodeAt(i)] ?? -1;
      if (byte >= 0) bytes[length++] = byte;
      else {
        const count = utf8At(both, i, both.length, bytes.subarray(length));
        length += count;
        if (count === 4) i++;
      }
    }
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(0, length));
    } catch {
      return true;
    }
    return test(text, left, right);
  };
}

/** A space, tab or line feed behind the first character, unless all are such; two line feeds do too. */
function crossesSpace(token: string): boolean {
  return /[ĉĠĊ]/.test(token.slice(1)) && (token === "ĊĊ" || !/^[ĉĠĊ]+$/.test(token));
}
