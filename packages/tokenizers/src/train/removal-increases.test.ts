import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteTrie } from "../segment/byte-trie.js";
import { pathPieceEncoder } from "../segment/path-piece.js";
import { byteWords } from "./byte-words.js";
import { Pace } from "./pace.js";
import { removalIncreases } from "./removal-increases.js";

const BYTES = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const words = fc
  .dictionary(
    fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 9 }),
    fc.integer({ min: 0, max: 9 }),
    { minKeys: 1, maxKeys: 8 },
  )
  .map((counts) => new Map(Object.entries(counts)));
const tokenTexts = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 2, maxLength: 5 }),
  { maxLength: 12 },
);

const counted = (counts: ReadonlyMap<string, number>, tokens: readonly Uint8Array[]): number => {
  const { encode } = pathPieceEncoder(tokens);
  let total = 0;
  for (const [word, count] of counts) total += encode(word).length * count;
  return total;
};

const reckoned = (
  counts: ReadonlyMap<string, number>,
  tokens: readonly Uint8Array[],
  dead = -1,
) => {
  const alive = new Uint8Array(tokens.length).fill(1);
  if (dead >= 0) alive[dead] = 0;
  return removalIncreases(
    byteWords("test", counts),
    { trie: new ByteTrie(tokens, "test"), alive },
    new Pace({}),
    async () => {},
  );
};

/** Places of a token in a word, overlapping ones too. */
const places = (word: string, token: string): number => {
  let found = 0;
  for (let at = word.indexOf(token); at >= 0; at = word.indexOf(token, at + 1)) found++;
  return found;
};

describe("the increase by one removal", () => {
  it("is that of encoding anew, where a token matches a word once", async () => {
    let [exact, repeated] = [0, 0];
    await fc.assert(
      fc.asyncProperty(words, tokenTexts, async (counts, texts) => {
        const tokens = [...BYTES, ...texts.map(utf8)];
        const { tokenCount, increases, matches } = await reckoned(counts, tokens);
        expect(tokenCount).toBe(counted(counts, tokens));
        texts.forEach((token, i) => {
          const id = 256 + i;
          const without = tokens.filter((_, other) => other !== id);
          const increase = counted(counts, without) - tokenCount;
          const found = [...counts].map(([word, count]) => [places(word, token), count] as const);
          expect(matches[id]).toBe(found.reduce((sum, [n, count]) => sum + n * count, 0));
          if (found.every(([n]) => n <= 1)) {
            expect(increases[id]).toBe(increase);
            if (increase > 0) exact++;
          } else repeated++;
        });
      }),
      { numRuns: 300 },
    );
    expect(Math.min(exact, repeated)).toBeGreaterThan(50);
  });

  it("never takes a way over a token that is gone", async () => {
    // abcd is [a, bcd]; without bcd [ab, cd], [abc, d]; abc alone is not needed.
    const tokens = [...BYTES, ...["ab", "cd", "abc", "bcd"].map(utf8)];
    const counts = new Map([["abcd", 3]]);
    const of = async (dead?: number) => {
      const { tokenCount, increases } = await reckoned(counts, tokens, dead);
      return [tokenCount, ...increases.subarray(256)];
    };
    expect(await of()).toEqual([6, 0, 0, 0, 0]);
    const few = [...BYTES, utf8("bcd"), utf8("cd")];
    expect([...(await reckoned(counts, few)).increases.subarray(256)]).toEqual([3, 0]);
    // cd is gone, so bcd has only b, c, d in its place.
    expect([...(await reckoned(counts, few, 257)).increases.subarray(256)]).toEqual([6, 0]);
  });

  it("takes a longer token over the place", async () => {
    // abcde is [ab, cde]; in place of ab abc stands in, with de behind it.
    const of = async (...texts: string[]) => {
      const tokens = [...BYTES, ...texts.map(utf8)];
      const { increases } = await reckoned(new Map([["abcde", 5]]), tokens);
      return [...increases.subarray(256)];
    };
    expect(await of("ab", "cde", "de", "abc")).toEqual([0, 0, 0, 0]);
    expect(await of("ab", "cde", "de")).toEqual([5, 5, 0]);
    // xyabcd is [xya, bcd] and would be [x, y, abcd], with a token as long as any.
    const tokens = [...BYTES, ...["xya", "bcd", "abcd"].map(utf8)];
    const { increases } = await reckoned(new Map([["xyabcd", 5]]), tokens);
    expect([...increases.subarray(256)]).toEqual([5, 5, 0]);
  });
});
