import { expect, test } from "vitest";
import { createRandom, normal } from "./random.js";

const first = (random: { next(): number }, count: number) =>
  Array.from({ length: count }, () => random.next());

test("the same seed gives the same numbers, another seed others", () => {
  expect(first(createRandom(1), 20)).toEqual(first(createRandom(1), 20));
  expect(first(createRandom(1), 4)).not.toEqual(first(createRandom(2), 4));
  expect(first(createRandom(-1), 4)).not.toEqual(first(createRandom(1), 4));
});

test("the stream of seed 1 stays as published", () => {
  expect(first(createRandom(1), 3)).toMatchInlineSnapshot(`
    [
      0.34484215487548553,
      0.602847340338156,
      0.9636373769593443,
    ]
  `);
});

test("a branch depends on its label alone", () => {
  const a = createRandom(7);
  const before = first(a.fork("x"), 5);
  first(a, 100);
  expect(first(a.fork("x"), 5)).toEqual(before);
  expect(first(a.fork("y"), 5)).not.toEqual(before);
  expect(first(a.fork("x").fork("y"), 5)).not.toEqual(first(a.fork("xy"), 5));
  expect(first(createRandom(8).fork("x"), 5)).not.toEqual(before);
});

test("numbers are even over [0, 1), within and between neighbouring seeds", () => {
  const samples = 20_000;
  for (const draws of [
    first(createRandom(3), samples),
    Array.from({ length: samples }, (_, seed) => createRandom(seed).next()),
    Array.from({ length: samples }, (_, i) => createRandom(3).fork(`${i}`).next()),
  ]) {
    const cells = new Float64Array(16);
    for (const x of draws) {
      cells[Math.floor(16 * x)]!++; // outside [0, 1) the sum becomes NaN or falls short
    }
    expect(cells.reduce((a, b) => a + b)).toBe(samples);
    const expected = samples / 16;
    const chiSquare = cells.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(44.3); // 15 degrees of freedom, p = 1e-4
  }
});

test("neighbours do not correlate", () => {
  const draws = first(createRandom(5), 20_000).map((x) => x - 0.5);
  let sum = 0;
  for (let i = 1; i < draws.length; i++) sum += draws[i]! * draws[i - 1]!;
  expect(Math.abs((12 * sum) / draws.length)).toBeLessThan(4 / Math.sqrt(draws.length));
});

test("normal has mean 0 and variance 1", () => {
  const random = createRandom(11);
  const draws = Array.from({ length: 20_000 }, () => normal(random));
  const mean = draws.reduce((a, b) => a + b) / draws.length;
  const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(draws.length));
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / draws.length));
});

test("a seed that is no safe integer is refused", () => {
  for (const seed of [0.5, Number.NaN, 2 ** 60]) {
    expect(() => createRandom(seed)).toThrow("seed must be a safe integer");
  }
});
