import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteWords } from "./byte-words.js";
import { frequentSubstrings } from "./frequent-substrings.js";
import { Pace } from "./pace.js";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const words = fc
  .dictionary(
    fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 9 }),
    fc.integer({ min: 0, max: 9 }),
    { minKeys: 1, maxKeys: 8 },
  )
  .map((counts) => new Map(Object.entries(counts)));

describe("frequentSubstrings", () => {
  it("is counting all of them", async () => {
    await fc.assert(
      fc.asyncProperty(
        words,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        async (counts, maxLength, minFrequency) => {
          const plain = new Map<string, number>();
          for (const [word, count] of counts)
            for (let from = 0; from < word.length; from++)
              for (let to = from + 2; to <= Math.min(word.length, from + maxLength); to++) {
                const run = word.slice(from, to);
                plain.set(run, (plain.get(run) ?? 0) + count);
              }
          const expected = [...plain]
            .filter(([, count]) => count >= minFrequency)
            .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
            .map(([run]) => run);
          const rules = { maxLength, minFrequency, limit: 7 };
          const found = await frequentSubstrings(byteWords("test", counts), rules, new Pace({}));
          expect(found.map(text)).toEqual(expected.slice(0, 7));
        },
      ),
      { numRuns: 300 },
    );
  });
});
