import { createRandom, draw, type Random } from "@frugal/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { validateTree } from "../tree.js";
import type { DraftTree } from "../types.js";
import { sampleAndMatch } from "./sample-and-match.js";

const F4 = Float32Array.of(0.4, 0.3, 0.2, 0.1);
const tree = (tokens: number[], parents: number[]): DraftTree => ({
  tokens: Uint32Array.from(tokens),
  parents: Int32Array.from(parents),
  drawn: "deterministic",
});
const uniforms = (...values: number[]): Random => {
  const random: Random = { next: () => values.shift() ?? Number.NaN, fork: () => random };
  return random;
};

describe("sampleAndMatch", () => {
  test("goes on while the draw is a child", async () => {
    const draft = tree([9, 1, 2, 0], [-1, 0, 0, 1]);
    const verify = (...us: number[]) => sampleAndMatch().verify(draft, () => F4, uniforms(...us));
    expect(verify(0.5, 0.1, 0.95)).toEqual({ accepted: [0, 1, 3], next: 3 });
    expect(verify(0.8, 0.5)).toEqual({ accepted: [0, 2], next: 1 });
    expect(verify(0.1)).toEqual({ accepted: [0], next: 0 });
  });

  test("takes the first of two equal children and no child without mass", () => {
    const draft = tree([9, 1, 1, 2], [-1, 0, 0, 2]);
    const law = Float32Array.of(0, 1, 0);
    expect(sampleAndMatch().verify(draft, () => law, uniforms(0, 0))).toEqual({
      accepted: [0, 1],
      next: 1,
    });
  });

  test("awaits laws that are promises and asks only for reached rows", async () => {
    const asked: number[] = [];
    const law = async (row: number) => {
      asked.push(row);
      return F4;
    };
    const draft = tree([9, 1, 2, 0], [-1, 0, 0, 1]);
    const verdict = await sampleAndMatch().verify(draft, law, uniforms(0.5, 0.95));
    expect(verdict).toEqual({ accepted: [0, 1], next: 3 });
    expect(asked).toEqual([0, 1]);
  });

  test("the text equals plain sampling with the same seed, whatever is drafted", () => {
    // The law after a text: anything that depends on all of it.
    const lawAfter = (text: readonly number[]) => {
      const seed = text.reduce((sum, token) => (sum * 31 + token + 1) % 9973, 7);
      const random = createRandom(seed);
      return Float32Array.from({ length: 4 }, () => random.next());
    };
    const shape = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 })), { maxLength: 12 });
    fc.assert(
      fc.property(fc.nat({ max: 99999 }), shape, (seed, nodes) => {
        const plain: number[] = [];
        const first = createRandom(seed);
        while (plain.length < 24) plain.push(draw(lawAfter(plain), first.next()));

        const text: number[] = [];
        const second = createRandom(seed);
        while (text.length < 24) {
          const draft = validateTree({
            tokens: Uint32Array.of(0, ...nodes.map(([, token]) => token)),
            parents: Int32Array.of(-1, ...nodes.map(([at], i) => at % (i + 1))),
            drawn: "deterministic",
          });
          const pathOf = (row: number): number[] =>
            row === 0 ? text : [...pathOf(draft.parents[row]!), draft.tokens[row]!];
          const verdict = sampleAndMatch().verify(draft, (row) => lawAfter(pathOf(row)), second);
          if (verdict instanceof Promise) throw new TypeError("synchronous laws, so no promise");
          text.push(...verdict.accepted.slice(1).map((row) => draft.tokens[row]!), verdict.next);
        }
        expect(text.slice(0, 24)).toEqual(plain);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  test("refuses a tree without a root", () => {
    expect(() => sampleAndMatch().verify(tree([], []), () => F4, uniforms())).toThrow(/root/);
    expect(() =>
      sampleAndMatch().verify(
        { ...tree([1], [-1]), drawn: "guessed" as never },
        () => F4,
        uniforms(),
      ),
    ).toThrow(/drawn/);
  });
});
