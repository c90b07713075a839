/**
 * Writes a vocabulary in the byte alphabet as a .tiktoken file: each token in base64 with its rank.
 *
 * Paper    none (the format of OpenAI's tiktoken)
 * Cost     O(units of the vocabulary)
 * Differs  the rank is the id; special tokens, which the format does not hold, are left out and leave a gap
 * Errors   ArgumentError: a token in another alphabet
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { characterBytes } from "../text/byte-characters.js";

export interface TiktokenFileOptions {
  /** Tokens of the vocabulary to leave out; pass them with their ids to whoever loads the file. Default: none. */
  readonly specialTokens?: readonly string[] | undefined;
}

/** `vocabulary`: tokens by id, of a model whose ids are in the order of its merges, such as `trainBpe` gives. */
export function tiktokenFile(
  vocabulary: readonly string[],
  { specialTokens = [] }: TiktokenFileOptions = {},
): string {
  const special = new Set(specialTokens);
  const bytes = characterBytes();
  const lines: string[] = [];
  vocabulary.forEach((token, rank) => {
    if (special.has(token)) return;
    let binary = "";
    for (let unit = 0; unit < token.length; unit++) {
      const byte = bytes[token.charCodeAt(unit)] ?? -1;
      if (byte === -1)
        throw new ArgumentError("tiktokenFile", `token ${rank}`, "in the byte alphabet", token);
      binary += String.fromCharCode(byte);
    }
    lines.push(`${btoa(binary)} ${rank}\n`);
  });
  return lines.join("");
}
