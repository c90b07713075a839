/**
 * Writes the tokens of a vocabulary as the text that they stand for, a leading space for the start of a word.
 *
 * Paper    Qtok, arXiv:2410.12989
 * Shapes   tokenizer  ->  one text an id, ascending; ids that name no token are left out
 * Cost     O(bytes of the vocabulary)
 * Differs  whether tokens are bytes is known here, where Qtok guesses it from the file; bytes that are no whole characters
 *          are `<0yTOKEN>` and one byte of a fallback is the character GPT-2 writes it with, as there
 * Errors   none
 */
import { FrugalError } from "@frugal/tensor/errors";
import { ID_LIMIT } from "../limits.js";
import { byteCharacters } from "../text/byte-characters.js";
import type { Tokenizer } from "../types.js";
import { FLANK } from "./classify-vocabulary.js";

export function vocabularyTexts(tokenizer: Tokenizer): string[] {
  const isBytes = readsBytes(tokenizer);
  const special = new Set(tokenizer.specialIds.all);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const letters = byteCharacters();
  const texts: string[] = [];
  for (let id = 0; texts.length < tokenizer.vocabularySize && id < ID_LIMIT; id++) {
    const token = tokenizer.idToToken(id);
    if (token === undefined) continue;
    if (special.has(id)) texts.push(token);
    else if (isBytes) texts.push(ofBytes(id, token));
    else texts.push(ofPieces(token));
  }
  return texts;

  function ofBytes(id: number, token: string): string {
    try {
      return decoder.decode(tokenizer.decodeBytes([id]));
    } catch {
      return `${FLANK}${token}>`;
    }
  }

  function ofPieces(token: string): string {
    const [, byte] = /^<0x([0-9a-f]{2})>$/i.exec(token) ?? [];
    if (byte !== undefined) return String.fromCharCode(letters[Number.parseInt(byte, 16)]!);
    return token.length > 1 && token.startsWith("▁") ? ` ${token.slice(1)}` : token;
  }
}

function readsBytes(tokenizer: Tokenizer): boolean {
  try {
    tokenizer.decodeWithStarts([]);
    return true;
  } catch (error) {
    if (FrugalError.is(error, "CapabilityError")) return false;
    throw error;
  }
}
