/**
 * A table of one small number for each code point, kept in pages.
 *
 * Shapes   index [17408] u16, pages [P, 64] u8: the number of code point c is `pages[index[c >> 6] * 64 + (c & 63)]`
 * Cost     one pass over all code points, about 1 ms
 */
export interface CodePointPages {
  readonly index: Uint16Array;
  readonly pages: Uint8Array;
}

const CODE_POINTS = 0x110000;
const PAGE = 64;

/** One number a code point, from runs: a letter, whose number `numberOf` gives, and a count in base 36 where above 1. */
export function expandRuns(
  runs: readonly string[],
  numberOf: (letter: string) => number,
): Uint8Array {
  const all = new Uint8Array(CODE_POINTS);
  let code = 0;
  for (const run of runs.join("").matchAll(/([^0-9a-z])([0-9a-z]*)/g)) {
    const length = run[2] === "" ? 1 : Number.parseInt(run[2]!, 36);
    all.fill(numberOf(run[1]!), code, code + length);
    code += length;
  }
  return all;
}

/** Stores equal pages once (but for those whose hash meets another's). */
export function paged(all: Uint8Array): CodePointPages {
  const index = new Uint16Array(CODE_POINTS / PAGE);
  const words = new Uint32Array(all.buffer);
  const known = new Map<number, number>();
  const pages: Uint8Array[] = [];
  for (let i = 0; i < index.length; i++) {
    const page = all.subarray(i * PAGE, (i + 1) * PAGE);
    let hash = 0;
    for (let word = (i * PAGE) / 4; word < ((i + 1) * PAGE) / 4; word++)
      hash = Math.imul(hash ^ words[word]!, 0x9e3779b1) ^ (hash >>> 15);
    let number = known.get(hash);
    if (number === undefined || pages[number]!.some((found, j) => found !== page[j])) {
      number = pages.push(page) - 1;
      known.set(hash, number);
    }
    index[i] = number;
  }
  const joined = new Uint8Array(pages.length * PAGE);
  pages.forEach((page, i) => {
    joined.set(page, i * PAGE);
  });
  return { index, pages: joined };
}
