/**
 * Answers questions about the characters of a word, and says in which tokens the asked one lies.
 *
 * Paper    CharBench, arXiv:2508.02591
 * Shapes   word, one of its characters  ->  four answers, and the tokens of its first and last occurrence
 * Units    positions count characters (code points) from 0
 * Cost     O(n)
 * Differs  a character that is not in the word is answered with 0 and -1, where the original only draws from the word
 * Errors   ArgumentError: an empty word, more or less than one character
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Tokenizer } from "../types.js";
import { BARE } from "./word-costs.js";

export interface CharacterAnswers {
  readonly uniqueCharacters: number;
  readonly frequency: number;
  /** -1: it does not occur. */
  readonly first: number;
  readonly last: number;
}

/** The token that an occurrence lies in. */
export interface CharacterHolder {
  readonly tokenIndex: number;
  /** Characters of that token. */
  readonly tokenLength: number;
  /** Place of the character within the token. */
  readonly offset: number;
}

export interface CharacterProbe {
  readonly answers: CharacterAnswers;
  readonly wordLength: number;
  readonly tokenCount: number;
  /** Null where the character does not occur, or no token's span holds it. */
  readonly first: CharacterHolder | null;
  readonly last: CharacterHolder | null;
}

export function charTaskProbe(
  word: string,
  character: string,
  tokenizer: Pick<Tokenizer, "encodeWithOffsets">,
): CharacterProbe {
  const where = "charTaskProbe";
  if (word === "") throw new ArgumentError(where, "word", "a text that is not empty", word);
  if ([...character].length !== 1) {
    throw new ArgumentError(where, "character", "one character", character);
  }
  const characters = [...word];
  const first = characters.indexOf(character);
  const last = characters.lastIndexOf(character);
  const { ids, offsets } = tokenizer.encodeWithOffsets(word, BARE);

  function holderOf(position: number): CharacterHolder | null {
    if (position < 0) return null;
    const unit = characters.slice(0, position).join("").length;
    for (let token = 0; token < ids.length; token++) {
      const start = offsets[2 * token]!;
      const end = offsets[2 * token + 1]!;
      if (unit < start || unit >= end) continue;
      const tokenLength = [...word.slice(start, end)].length;
      return { tokenIndex: token, tokenLength, offset: [...word.slice(start, unit)].length };
    }
    return null;
  }

  return {
    answers: {
      uniqueCharacters: new Set(characters).size,
      frequency: characters.filter((one) => one === character).length,
      first,
      last,
    },
    wordLength: characters.length,
    tokenCount: ids.length,
    first: holderOf(first),
    last: holderOf(last),
  };
}
