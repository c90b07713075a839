/**
 * How one tokenizer spells the tokens of another: what a hypernetwork reads.
 *
 * Paper    ZeTT: Minixhofer et al., arXiv:2405.07883
 * Shapes   V tokens  ->  V lists of `maxLength` ids
 * Cost     one short encoding a token
 * Differs  forms that are cut are counted, never cut in silence
 * Errors   ArgumentError for a length out of range; CapabilityError for tokens that are not bytes
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Tokenizer } from "../types.js";

/**
 * How the hypernetwork's tokenizer spells every token of another one; the special tokens that both know stand for
 * themselves. Both tokenizers have to be byte-level.
 */
export function surfaceForms(
  tokenizer: Tokenizer,
  hyperTokenizer: Tokenizer,
  { maxLength, padTokenId }: { readonly maxLength: number; readonly padTokenId: number },
): { readonly forms: Int32Array[]; readonly truncated: number } {
  if (!(Number.isInteger(maxLength) && maxLength >= 1 && maxLength <= 4096))
    throw new ArgumentError("surfaceForms", "maxLength", "an integer from 1 to 4096", maxLength);
  const special = new Set(hyperTokenizer.specialIds.all);
  let truncated = 0;
  const forms = Array.from({ length: tokenizer.vocabularySize }, (_, id) => {
    const form = new Int32Array(maxLength).fill(padTokenId);
    const token = tokenizer.idToToken(id);
    if (token === undefined) return form;
    const own = hyperTokenizer.tokenToId(token);
    if (own !== undefined && special.has(own)) form[0] = own;
    else {
      const ids = hyperTokenizer.encodePiece(tokenizer.decodeBytes([id]));
      if (ids.length > maxLength) truncated++;
      form.set(ids.subarray(0, maxLength));
    }
    return form;
  });
  return { forms, truncated };
}
