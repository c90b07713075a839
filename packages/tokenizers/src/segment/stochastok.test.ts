import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stochastokExpand, tokenExpansions } from "./stochastok.js";

const TOKENS = ["a", "b", "c", "ab", "bc", "abc"];
const EXPANSIONS = tokenExpansions(TOKENS.map((token) => new TextEncoder().encode(token)));

/** Gives the numbers, then fails. */
function source(...draws: number[]): () => number {
  const left = [...draws];
  return () => {
    if (left.length === 0) throw new RangeError("one number too many");
    return left.shift()!;
  };
}

describe("tokenExpansions", () => {
  it("gives every pair of tokens, by the place of the split", () => {
    expect(TOKENS.map((_, id) => [...EXPANSIONS.of(id)])).toEqual([
      [],
      [],
      [],
      [0, 1],
      [1, 2],
      [0, 4, 3, 2],
    ]);
    expect([...EXPANSIONS.of(99)]).toEqual([]);
  });

  it("splits bytes, not characters", () => {
    const tokens = [Uint8Array.of(0xc3), Uint8Array.of(0xa9), Uint8Array.of(0xc3, 0xa9)];
    expect([...tokenExpansions(tokens).of(2)]).toEqual([0, 1]);
  });
});

describe("stochastokExpand", () => {
  it("draws the place, then the pair", () => {
    // 4 ids, 3 attempts: place 3 is `abc`, its second pair; then of 5 ids place 0, `a`: lost; place 3 is now `ab`.
    const random = source(0.99, 0.5, 0.1, 0.7, 0);
    const ids = stochastokExpand([0, 1, 2, 5], EXPANSIONS, { proportion: 0.75, random });
    expect([...ids]).toEqual([0, 1, 2, 0, 1, 2]);
    expect(random).toThrow(/too many/);
  });

  it("stops at maxExpand, without a further draw", () => {
    const random = source(0, 0);
    const options = { proportion: 2, maxExpand: 1, random };
    expect([...stochastokExpand([3, 3], EXPANSIONS, options)]).toEqual([0, 1, 3]);
  });

  it.each([0, 0.1, 0.3])("leaves three ids as they are at %f", (proportion) => {
    const ids = stochastokExpand([5, 5, 5], EXPANSIONS, { proportion, random: source() });
    expect([...ids]).toEqual([5, 5, 5]);
  });

  it("does what a plain list does, and keeps the text", () => {
    const draws = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 200,
      maxLength: 200,
    });
    const given = fc.array(fc.nat(5), { maxLength: 40 });
    fc.assert(
      fc.property(given, fc.constantFrom(0.1, 0.5, 1, 2), draws, (ids, proportion, numbers) => {
        const options = { proportion, random: source(...numbers) };
        const found = [...stochastokExpand(ids, EXPANSIONS, options)];
        expect(found).toEqual(plain(ids, proportion, source(...numbers)));
        const text = (list: number[]): string => list.map((id) => TOKENS[id]).join("");
        expect(text(found)).toBe(text(ids));
      }),
    );
  });

  it("takes many attempts on a long list", () => {
    const ids = new Uint32Array(1 << 12).fill(5);
    let state = 1;
    const random = (): number => {
      state = (Math.imul(state, 48271) >>> 0) % 0x7fffffff;
      return state / 0x7fffffff;
    };
    const found = stochastokExpand(ids, EXPANSIONS, { proportion: 8, random });
    expect(found.length).toBeGreaterThan(ids.length * 2.5);
    expect(found.length).toBeLessThanOrEqual(ids.length * 3);
  });

  it.each([
    [{ proportion: -0.1 }, /proportion must be/],
    [{ proportion: Number.NaN }, /proportion must be/],
    [{ proportion: 1e9 }, /at most 67108864 ids/],
    [{ maxExpand: -1 }, /maxExpand must be/],
  ])("refuses %j", (options, message) => {
    const random = source();
    expect(() => stochastokExpand([1, 2], EXPANSIONS, { ...options, random })).toThrow(message);
  });
});

function plain(given: readonly number[], proportion: number, random: () => number): number[] {
  const ids = [...given];
  for (let i = 0; i < Math.floor(given.length * proportion); i++) {
    const at = Math.floor(random() * ids.length);
    const pairs = EXPANSIONS.of(ids[at]!);
    if (pairs.length === 0) continue;
    const chosen = Math.floor(random() * (pairs.length / 2)) * 2;
    ids.splice(at, 1, pairs[chosen]!, pairs[chosen + 1]!);
  }
  return ids;
}
