/**
 * Takes the whitespace that a token begins or ends with out of its span.
 *
 * Paper    none (trim_offsets of Hugging Face tokenizers)
 * Cost     O(ids + whitespace)
 */
import { isWhitespace } from "../added-tokens.js";
import type { TokenTable } from "../token-table.js";
import type { EncodedText } from "./assemble.js";

/** `prefixSpace`: one leading space was put in front and stays out of the count. */
export function trimSpans(
  { ids, offsets }: EncodedText,
  table: Pick<TokenTable, "tokenOf">,
  prefixSpace: boolean,
): void {
  for (let i = 0; i < ids.length; i++) {
    const token = table.tokenOf(ids[i]!) ?? "";
    let start = offsets[i * 2]!;
    let end = offsets[i * 2 + 1]!;
    let leading = 0;
    while (leading < token.length && isSpace(token.charCodeAt(leading))) leading++;
    let trailing = 0;
    while (trailing < token.length && isSpace(token.charCodeAt(token.length - 1 - trailing)))
      trailing++;
    if (leading > 0) {
      if ((i === 0 || start === 0) && prefixSpace) leading--;
      start = Math.min(start + leading, end);
    }
    if (trailing > 0 && end >= trailing) end = Math.max(end - trailing, start);
    offsets[i * 2] = start;
    offsets[i * 2 + 1] = end;
  }
}

/** U+0120 is the space in the byte alphabet. */
const isSpace = (code: number): boolean => code === 0x120 || isWhitespace(code);
