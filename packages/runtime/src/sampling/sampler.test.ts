import { createRandom, draw } from "@frugal/tensor";
import { ArgumentError, ShapeError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SamplingOptions, samplerOf } from "./sampler.js";
import { Selection } from "./top-k.js";

const NOTHING: () => number[] = () => [];
const logs = (...weights: number[]): Float32Array => Float32Array.from(weights, Math.log);

function law(
  logits: Float32Array | readonly number[],
  options: SamplingOptions,
  path: readonly number[] = [],
): number[] {
  const sampler = samplerOf({ temperature: 1, ...options });
  return [...sampler.law(Float32Array.from(logits), () => path)];
}

const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] as number, 6);
  });
};

describe("processors, worked out by hand", () => {
  test("softmax alone", () => {
    close(law(logs(1, 2, 5, 2), {}), [0.1, 0.2, 0.5, 0.2]);
    close(law([1000, 1000, -Infinity], {}), [0.5, 0.5, 0]);
  });

  test("temperature", () => {
    close(law(logs(1, 2, 3), { temperature: 0.5 }), [1 / 14, 4 / 14, 9 / 14]);
    close(law(logs(1, 4, 9), { temperature: 2 }), [1 / 6, 2 / 6, 3 / 6]);
  });

  test("temperature 0 puts all mass on the best token, the first among equals", () => {
    expect(law([1, 3, 2, 3], { temperature: 0 })).toEqual([0, 1, 0, 0]);
    expect(law([1, Number.NaN, 2], { temperature: 0, topK: 1, topP: 0, minP: 1 })).toEqual([
      0, 0, 1,
    ]);
    expect(samplerOf({}).isGreedy).toBe(true);
  });

  test("top-k, ties with the k-th stay", () => {
    close(law(logs(1, 4, 2, 3), { topK: 2 }), [0, 4 / 7, 0, 3 / 7]);
    close(law(logs(1, 3, 1, 1), { topK: 2 }), [1 / 6, 3 / 6, 1 / 6, 1 / 6]);
    close(law(logs(1, 3), { topK: 9 }), [0.25, 0.75]);
    close(law([-0, 0, -1], { topK: 1 }), [0.5, 0.5, 0]);
  });

  test("top-p: the tokens above hold less than p", () => {
    close(law(logs(1, 5, 3, 1), { topP: 0.49 }), [0, 1, 0, 0]);
    close(law(logs(1, 5, 3, 1), { topP: 0.51 }), [0, 5 / 8, 3 / 8, 0]);
    close(law(logs(1, 5, 3, 1), { topP: 0.79 }), [0, 5 / 8, 3 / 8, 0]);
    close(law(logs(1, 5, 3, 1), { topP: 0.81 }), [1 / 9, 5 / 9, 3 / 9, 0]);
    close(law(logs(1, 5, 3, 1), { topP: 0 }), [0, 1, 0, 0]);
    close(law(logs(1, 1, 1, 1), { topP: 0.5 }), [0.5, 0.5, 0, 0]);
  });

  test("min-p: a share of the best", () => {
    close(law(logs(1, 5, 3, 1), { minP: 0.5 }), [0, 5 / 8, 3 / 8, 0]);
    close(law(logs(1, 5, 3, 1), { minP: 1 }), [0, 1, 0, 0]);
  });

  test("repetition penalty: once a token, divided above 0 and multiplied below", () => {
    const logits = [2, -1, 0.5, 3];
    const expected = [2 / 1.5, -1.5, 0.5, 3];
    close(law(logits, { repetitionPenalty: 1.5 }, [0, 1, 0, 0]), law(expected, {}));
    expect(law([2, 1.9], { temperature: 0, repetitionPenalty: 2 }, [0])).toEqual([0, 1]);
    const sampler = samplerOf({ repetitionPenalty: 2 });
    expect([...sampler.law(Float32Array.of(2, 1.9), () => [0])]).toEqual([0, 1]);
    expect([...sampler.law(Float32Array.of(2, 1.9), () => [1])]).toEqual([1, 0]); // nothing is left over
  });

  test("order: penalty, temperature, top-k, top-p, min-p", () => {
    const all = { repetitionPenalty: 1.1, temperature: 0.7, topK: 5, topP: 0.9, minP: 0.1 };
    expect(samplerOf(all).processors.map(({ name }) => name)).toEqual([
      "repetition-penalty",
      "temperature",
      "top-k",
      "top-p",
      "min-p",
    ]);
    // The best token holds 4 of 10 once top-k has acted, which reaches 0.39; of all 11 it holds less.
    close(law(logs(1, 4, 3, 3), { topK: 3, topP: 0.39 }), [0, 1, 0, 0]);
    close(law(logs(1, 4, 3, 3), { topP: 0.39 }), [0, 4 / 7, 3 / 7, 0]);
  });
});

describe("samplerOf", () => {
  test("asks for the path only where it is needed, and changes nothing it was given", () => {
    const forbidden = (): never => {
      throw new Error("asked");
    };
    const logits = Float32Array.of(1, 2, 3);
    samplerOf({ temperature: 0.5, topK: 2, topP: 0.5, minP: 0.2 }).law(logits, forbidden);
    expect([...logits]).toEqual([1, 2, 3]);
    expect(() => samplerOf({ repetitionPenalty: 2 }).law(logits, forbidden)).toThrow("asked");
  });

  test("writes into what it is handed, and into a new array otherwise", () => {
    const sampler = samplerOf({ temperature: 1 });
    const out = new Float32Array(2);
    expect(sampler.law(logs(1, 3), NOTHING, out)).toBe(out);
    close([...out], [0.25, 0.75]);
    expect(sampler.law(logs(1, 1), NOTHING)).not.toBe(sampler.law(logs(1, 1), NOTHING));
    expect(() => sampler.law(logs(1, 3), NOTHING, new Float32Array(3))).toThrow(ShapeError);
  });

  const logit = fc.oneof(
    { weight: 8, arbitrary: fc.float({ min: -30, max: 30, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(-Infinity, Number.NaN, 0, -0, 1) },
  );
  const options = fc.record({
    temperature: fc.constantFrom(0, 1e-4, 0.3, 1, 5, 1e4),
    topK: fc.constantFrom(0, 1, 3, 1000),
    topP: fc.constantFrom(0, 0.3, 0.95, 1),
    minP: fc.constantFrom(0, 0.1, 1),
    repetitionPenalty: fc.constantFrom(0.5, 1, 1.3),
  });

  test("always gives a law: finite, not negative, sum 1, the same twice", () => {
    const property = fc.property(
      fc.array(logit, { minLength: 1, maxLength: 40 }),
      options,
      fc.array(fc.nat(100), { maxLength: 20 }),
      (values, chosen, ids) => {
        fc.pre(values.some(Number.isFinite));
        const path = ids.map((id) => id % values.length);
        const first = law(values, chosen, path);
        expect(first.every((p) => p >= 0 && p <= 1)).toBe(true);
        expect(first.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
        expect(law(values, chosen, path)).toEqual(first);
        const sampler = samplerOf({ ...chosen });
        sampler.law(Float32Array.from(values).reverse(), () => path);
        expect([...sampler.law(Float32Array.from(values), () => path)]).toEqual(first);
      },
    );
    fc.assert(property, { numRuns: 400, seed: 6 });
  });

  test("draws follow the law", () => {
    const random = createRandom(1);
    const p = samplerOf({ temperature: 1, topK: 3 }).law(logs(1, 2, 3, 4), NOTHING);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 9000; i++) (counts[draw(p, random.next())] as number) += 1;
    counts.forEach((count, i) => {
      expect(Math.abs(count - 9000 * (p[i] as number))).toBeLessThan(200);
    });
    expect(counts[0]).toBe(0);
  });

  test.each<SamplingOptions>([
    { temperature: -1 },
    { temperature: 1e-9 },
    { temperature: Number.NaN },
    { temperature: Infinity },
    { temperature: "1" as never },
    { topK: -1 },
    { topK: 1.5 },
    { topP: -0.1 },
    { topP: 1.1 },
    { minP: 2 },
    { minP: Number.NaN },
    { repetitionPenalty: 0 },
    { repetitionPenalty: Infinity },
    { seed: 0.5 },
    { seed: 2 ** 60 },
  ])("refuses %j", (bad) => {
    expect(() => samplerOf(bad)).toThrow(ArgumentError);
  });

  test("refuses logits without a finite maximum, and paths outside the vocabulary", () => {
    for (const logits of [[], [-Infinity, Number.NaN], [1, Infinity]]) {
      expect(() => law(logits, {})).toThrow(ArgumentError);
    }
    expect(() => law([1, 2], { repetitionPenalty: 2 }, [2])).toThrow(/token ids below 2/);
  });
});

test("Selection finds what sorting finds", () => {
  const number = fc.oneof(
    fc.float({ noNaN: true }),
    fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity),
  );
  const property = fc.property(fc.array(number, { minLength: 1 }), fc.nat(), (list, at) => {
    const values = Float32Array.from(list);
    const k = 1 + (at % values.length);
    const sorted = values.slice().sort().reverse();
    expect(new Selection(values.length).kthLargest(values, k)).toEqual(sorted[k - 1]);
  });
  fc.assert(property, { numRuns: 300, seed: 7 });
});
