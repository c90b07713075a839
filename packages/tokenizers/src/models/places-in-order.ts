/**
 * Places symbols that do not stand in the order of the text: each behind the bytes of those before it.
 *
 * Paper    none (Hugging Face tokenizers, where the bytes of a character overtake an unknown one before it)
 * Cost     O(n) for n units
 * Differs  a place reaches over every character that its bytes touch, as there
 */
import type { Symbols } from "./symbols.js";

/** `lengthOf`: the bytes of symbol `i`, where they are not those of its text. */
export function placeInOrder(
  symbols: Symbols,
  text: string,
  start: number,
  lengthOf: (i: number) => number | undefined,
): void {
  const { from, to } = symbols;
  let unit = start;
  let byte = 0;
  let taken = 0;
  /** Goes to the character that byte `place` of the piece is in. */
  const seek = (place: number): void => {
    for (let width = bytesAt(text, unit); byte + width <= place; width = bytesAt(text, unit)) {
      byte += width;
      unit += width === 4 ? 2 : 1;
    }
  };
  for (let i = 0; i < symbols.length; i++) {
    const length = lengthOf(i) ?? bytesOf(text, from[i]!, to[i]!);
    seek(taken);
    from[i] = unit;
    taken += length;
    seek(taken - 1);
    to[i] = unit + (bytesAt(text, unit) === 4 ? 2 : 1);
  }
}

function bytesOf(text: string, start: number, end: number): number {
  let count = 0;
  for (let unit = start; unit < end; ) {
    const width = bytesAt(text, unit);
    count += width;
    unit += width === 4 ? 2 : 1;
  }
  return count;
}

function bytesAt(text: string, unit: number): number {
  const code = text.codePointAt(unit)!;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
