/**
 * Takes the whitespace that a token begins or ends with out of its span.
 *
 * Paper    none (trim_offsets of Hugging Face tokenizers)
 * Cost     O(ids + whitespace)
 * Differs  counts characters, as the original does: a space that was put in before an emoji has the place of the emoji
 */
import { isWhitespace } from "../added-tokens.js";
import type { TokenTable } from "../token-table.js";
import type { EncodedText } from "./assemble.js";

/** `prefixSpace`: one leading space was put in front and stays out of the count. */
export function trimSpans(
  { ids, offsets }: EncodedText,
  textOf: (index: number) => string,
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
      start = Math.min(forward(textOf(i), start, leading), end);
    }
    if (trailing > 0) end = Math.max(backward(textOf(i), end, trailing), start);
    offsets[i * 2] = start;
    offsets[i * 2 + 1] = end;
  }
}

/** U+0120 is the space in the byte alphabet. */
const isSpace = (code: number): boolean => code === 0x120 || isWhitespace(code);

function forward(text: string, from: number, count: number): number {
  let at = from;
  for (let i = 0; i < count; i++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** `from` itself where there are fewer characters before it. */
function backward(text: string, from: number, count: number): number {
  let at = from;
  for (let i = 0; i < count; i++) {
    if (at <= 0) return from;
    at -= at > 1 && text.codePointAt(at - 2)! > 0xffff ? 2 : 1;
  }
  return at;
}
