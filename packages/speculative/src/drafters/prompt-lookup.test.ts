import { createRandom } from "@frugal/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PromptLookupPick, promptLookup, promptLookupDraft } from "./prompt-lookup.js";

const random = createRandom(1);
const ids = (...tokens: number[]) => Uint32Array.from(tokens);
const PICKS: readonly PromptLookupPick[] = ["original", "transformers", "vllm", "latest"];

function draftOf(drafter: ReturnType<typeof promptLookup>, tokens: Uint32Array, room = 100) {
  const tree = drafter.propose({ tokens, room, random });
  if (tree instanceof Promise) throw new TypeError("prompt lookup is synchronous");
  expect(tree.tokens[0]).toBe(tokens.at(-1));
  expect(Array.from(tree.parents)).toEqual(Array.from(tree.tokens, (_, i) => i - 1));
  return Array.from(tree.tokens.subarray(1));
}

describe("promptLookupDraft", () => {
  test.each([
    ["original", { maxN: 3 }, [5, 6, 7, 5, 6, 8, 9, 5, 6], [7, 5, 6, 8]],
    ["transformers", {}, [5, 6, 7, 5, 6, 8, 9, 5, 6], [7, 5, 6, 8]],
    ["vllm", { minN: 1, maxN: 3 }, [5, 6, 7, 5, 6, 8, 9, 5, 6], [7, 5, 6, 8]],
    ["latest", {}, [5, 6, 7, 5, 6, 8, 9, 5, 6], [8, 9, 5, 6]],
    ["original", {}, [1, 2, 3, 4, 2, 3], []],
    ["transformers", {}, [1, 2, 3, 4, 2, 3], [4, 2, 3]],
    ["vllm", { minN: 1, maxN: 3 }, [1, 2, 3, 4, 2, 3], [4, 2, 3]],
    ["latest", {}, [1, 2, 3, 4, 2, 3], [4, 2, 3]],
    ["transformers", {}, [1, 1, 1, 1], [1, 1]],
    ["transformers", { maxN: 3 }, [1, 1, 1, 1], [1]],
    ["vllm", {}, [1, 2, 3, 4, 2, 3], []],
    ["transformers", {}, [7], []],
    ["transformers", {}, [1, 2, 3], []],
  ] as const)("%s %j copies the right place of %j", (pick, options, tokens, expected) => {
    const draft = promptLookupDraft(ids(...tokens), { pick, numTokens: 4, ...options });
    expect(Array.from(draft)).toEqual(expected);
  });

  test("one of minN and maxN sets the other for vllm", () => {
    const text = ids(1, 2, 3, 4, 9, 1, 2, 3, 4);
    expect(promptLookupDraft(text, { pick: "vllm", maxN: 4 })[0]).toBe(9);
    expect(promptLookupDraft(text, { pick: "vllm", minN: 4 })[0]).toBe(9);
    expect(promptLookupDraft(text, { pick: "vllm" })).toHaveLength(0);
  });

  test("a draft ends before an end token and before a suppressed one", () => {
    const text = ids(5, 6, 7, 5, 6, 8, 9, 5, 6);
    expect(Array.from(promptLookupDraft(text, { eosTokenIds: [6] }))).toEqual([7, 5]);
    expect(Array.from(promptLookupDraft(text, { eosTokenIds: [7] }))).toEqual([]);
    expect(Array.from(promptLookupDraft(text, { suppress: [5] }))).toEqual([7]);
    expect(Array.from(promptLookupDraft(text, { suppress: [7], numTokens: 10 }))).toEqual([
      8, 9, 5, 6,
    ]);
  });

  test("names the option that is wrong", () => {
    const text = ids(1, 1);
    expect(() => promptLookupDraft(text, { minN: 3, maxN: 2 })).toThrow(
      /minN must be at most maxN/,
    );
    expect(() => promptLookupDraft(text, { numTokens: 0 })).toThrow(/numTokens/);
    expect(() => promptLookupDraft(text, { maxN: 1.5 })).toThrow(/maxN/);
    expect(() => promptLookupDraft(text, { pick: "best" as never })).toThrow(/pick/);
  });
});

describe("promptLookup", () => {
  const text = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 120 });

  test("agrees with the scan at every length of every text", () => {
    const options = fc.record({
      pick: fc.constantFrom(...PICKS),
      minN: fc.integer({ min: 1, max: 2 }),
      maxN: fc.integer({ min: 2, max: 5 }),
      numTokens: fc.integer({ min: 1, max: 8 }),
      suppress: fc.subarray([0, 1, 2], { maxLength: 2 }),
      eosTokenIds: fc.subarray([3]),
    });
    fc.assert(
      fc.property(text, options, fc.integer({ min: 0, max: 9 }), (tokens, given, room) => {
        const drafter = promptLookup(given);
        for (let length = 1; length <= tokens.length; length += 1 + (length % 3)) {
          const part = Uint32Array.from(tokens.slice(0, length));
          const expected = promptLookupDraft(part, { ...given, room });
          expect(draftOf(drafter, part, room)).toEqual(Array.from(expected));
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("notices a new text without a reset", () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        const drafter = promptLookup({ maxN: 3 });
        const changed = Uint32Array.from([9, 8, ...second]);
        draftOf(drafter, Uint32Array.from([7, ...first]));
        const draft = draftOf(drafter, changed);
        const known =
          draft.length === 0 || changed.join().includes([changed.at(-1), ...draft].join());
        expect(known).toBe(true);
        drafter.reset();
        expect(draftOf(drafter, changed)).toEqual(
          Array.from(promptLookupDraft(changed, { maxN: 3 })),
        );
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  test("takes tokens of 32 bits and long texts", () => {
    const period = Uint32Array.from({ length: 5000 }, (_, i) => 0xffffffff - (i % 1700) * 7919);
    expect(draftOf(promptLookup({ numTokens: 3 }), period)).toEqual(
      [5000, 5001, 5002].map((i) => 0xffffffff - (i % 1700) * 7919),
    );
  });

  test("refuses an empty text", () => {
    expect(() => promptLookup().propose({ tokens: ids(), room: 4, random })).toThrow(/tokens/);
  });
});
