/**
 * Gives each token the type of the piece of code that it is a part of.
 *
 * Paper    PyCoder, arXiv:2211.04673; CodeFill, arXiv:2202.06689 (token types beside tokens)
 * Shapes   lexemes: spans of the text with a type, ascending, apart  ->  one type a token
 * Units    spans in UTF-16 units of the text
 * Cost     O(tokens + lexemes)
 * Differs  a token over several lexemes has the type of the first that it shares a character with that is not white space; one
 *          in no lexeme has `null`
 * Errors   ArgumentError: spans that are none, overlap or leave the text
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Encoding, Tokenizer } from "../types.js";

export interface Lexeme<Type> {
  readonly start: number;
  readonly end: number;
  readonly type: Type;
}

export interface TypedEncoding<Type> extends Encoding {
  readonly types: readonly (Type | null)[];
}

/** `lexer`: anyone's, called once. Types of the begin and end markers are `null`. */
export function tokenTypeSequence<Type>(
  code: string,
  lexer: (code: string) => Iterable<Lexeme<Type>>,
  tokenizer: Pick<Tokenizer, "encodeWithOffsets">,
): TypedEncoding<Type> {
  const lexemes = checked([...lexer(code)], code.length);
  const { ids, offsets } = tokenizer.encodeWithOffsets(code);
  let at = 0;
  const types = Array.from(ids, (_, i) => {
    const [start, end] = trimmed(code, offsets[2 * i]!, offsets[2 * i + 1]!);
    while (at > 0 && lexemes[at - 1]!.end > start) at--;
    while (at < lexemes.length && lexemes[at]!.end <= start) at++;
    const lexeme = lexemes[at];
    return lexeme !== undefined && lexeme.start < end ? lexeme.type : null;
  });
  return { ids, offsets, types };
}

function checked<Type>(lexemes: readonly Lexeme<Type>[], length: number): readonly Lexeme<Type>[] {
  let before = 0;
  for (const { start, end } of lexemes) {
    if (
      !(
        Number.isInteger(start) &&
        Number.isInteger(end) &&
        start >= before &&
        end >= start &&
        end <= length
      )
    ) {
      const expected = `a span within ${before}..${length}, behind the one before it`;
      throw new ArgumentError("tokenTypeSequence", "a lexeme", expected, `${start}..${end}`);
    }
    before = end;
  }
  return lexemes;
}

/** Without the white space in front: most tokens carry the space before a word. All of it, where there is nothing else. */
function trimmed(code: string, start: number, end: number): [number, number] {
  let first = start;
  while (first < end && /\p{White_Space}/u.test(code[first]!)) first++;
  return [first === end ? start : first, end];
}
