import { describe, expect, test } from "vitest";
import {
  calibrate,
  chooseDraftShape,
  expectedSpeedup,
  expectedTokens,
  trackAcceptance,
} from "./accounting.js";

/** A pass costs the same up to `width` rows, then grows in proportion. */
const widthOf = (width: number) => (rows: number) => Math.max(1, rows / width);

describe("expected speed-up", () => {
  test.each([
    [0.6, 0, 2.3056, 16, 2.4996],
    [0.6, 0.05, 1.9213, 4, 1.9213],
    [0.6, 0.2, 1.2809, 2, 1.4],
    [0.8, 0, 3.3616, 16, 4.8874],
    [0.8, 0.05, 2.8013, 8, 3.0921],
    [0.8, 0.2, 1.8676, 4, 1.8676],
    [0.9, 0, 4.0951, 16, 8.3323],
    [0.9, 0.05, 3.4126, 13, 4.6741],
    [0.9, 0.2, 2.2751, 7, 2.3731],
  ])("alpha %f, cost %f: %f at 4 tokens, best at %i", (alpha, cost, atFour, tokens, best) => {
    expect(expectedSpeedup({ alpha, gamma: 4, cost })).toBeCloseTo(atFour, 4);
    const shape = chooseDraftShape({ alpha, cost });
    expect(shape).toMatchObject({ kind: "chain", tokens, rows: tokens + 1 });
    expect(shape.speedup).toBeCloseTo(best, 4);
  });

  test.each([
    [1, [0.9, 0.74, 0.52]],
    [2, [1.8, 1.48, 1.04]],
    [4, [1.8, 2.95, 2.08]],
    [8, [1.8, 2.95, 4.16]],
  ])("passes that widen for free up to %i rows", (width, expected) => {
    const v = widthOf(width);
    const found = [1, 3, 7].map((gamma) => expectedSpeedup({ alpha: 0.8, gamma, v }));
    found.forEach((speedup, i) => {
      expect(speedup).toBeCloseTo(expected[i]!, 2);
    });
  });

  test("edges: sure acceptance, no draft, none accepted", () => {
    expect(expectedTokens(1, 5)).toBe(6);
    expect(expectedTokens(0, 5)).toBe(1);
    expect(expectedSpeedup({ alpha: 0.7, gamma: 0, cost: 9 })).toBe(1);
    expect(() => expectedTokens(1.1, 1)).toThrow(/alpha/);
    expect(() => expectedTokens(0.5, -1)).toThrow(/gamma/);
    expect(() => expectedSpeedup({ alpha: 0.5, gamma: 1, cost: -1 })).toThrow(/cost/);
  });
});

describe("chooseDraftShape", () => {
  const none = { kind: "none", rows: 1, speedup: 1 };

  test("may say: do not speculate", () => {
    expect(chooseDraftShape({ alpha: 0.8, v: widthOf(1) })).toEqual(none);
    expect(chooseDraftShape({ alpha: 0.2, cost: 0.25 })).toEqual(none);
    expect(chooseDraftShape({ alpha: 0 })).toEqual(none);
    expect(chooseDraftShape({ alpha: 0.9, maxTokens: 0 })).toEqual(none);
    expect(chooseDraftShape({ alpha: 0.6, cost: 0.2, leastSpeedup: 1.5 })).toEqual(none);
    expect(chooseDraftShape({ alpha: 0.26, cost: 0.25, maxTokens: 1 }).kind).toBe("chain");
  });

  test("a tree pays only where its rows are cheap", () => {
    const trees = [{ name: "recycling", rows: 81, meanTokens: 2.73 }];
    const at = (width: number) => chooseDraftShape({ alpha: 0, trees, v: widthOf(width) });
    expect(at(8)).toEqual(none);
    expect(at(16)).toEqual(none);
    expect(at(32).speedup).toBeCloseTo(1.08, 2);
    expect(at(64).speedup).toBeCloseTo(2.16, 2);
    expect(at(128)).toEqual({ kind: "tree", name: "recycling", rows: 81, speedup: 2.73 });
    expect(() =>
      chooseDraftShape({ alpha: 0, trees: [{ name: "empty", rows: 0, meanTokens: 1 }] }),
    ).toThrow(/rows of empty/);
  });
});

describe("calibrate", () => {
  test("takes medians, draws lines between sizes and goes on after the last", async () => {
    const asked: number[] = [];
    const noise = [50, 1, 3, 1];
    const { sizes, elapsedMs, v } = await calibrate({
      sizes: [8, 4],
      measure: (rows) => {
        asked.push(rows);
        return 2 * Math.max(1, rows / 4) * noise[Math.floor((asked.length - 1) / 3)]!;
      },
    });
    expect(asked.slice(0, 6)).toEqual([1, 4, 8, 1, 4, 8]);
    expect(asked).toHaveLength(12);
    expect(sizes).toEqual([1, 4, 8]);
    expect(elapsedMs).toEqual([2, 2, 4]);
    expect([1, 2, 4, 6, 8, 16].map(v)).toEqual([1, 1, 1, 1.5, 2, 4]);
  });

  test("a wider pass is never taken to be cheaper", async () => {
    const times = new Map([
      [1, 4],
      [2, 3],
      [4, 8],
      [8, 6],
    ]);
    const { v } = await calibrate({ sizes: [2, 4, 8], measure: (n) => times.get(n)! });
    expect([1, 2, 3, 4, 8, 9].map(v)).toEqual([1, 1, 1.5, 2, 2, 2]);
  });

  test("one size alone gives a flat cost; bad times are refused", async () => {
    expect((await calibrate({ sizes: [], measure: async () => 3 })).v(50)).toBe(1);
    await expect(calibrate({ measure: () => 0 })).rejects.toThrow(/positive/);
    await expect(calibrate({ measure: () => 1, sizes: [0] })).rejects.toThrow(/sizes/);
    await expect(calibrate({ measure: () => 1, rounds: 0 })).rejects.toThrow(/rounds/);
  });
});

test("trackAcceptance counts tested tokens only", () => {
  const tracked = trackAcceptance(1);
  expect(tracked.alpha).toBeNull();
  tracked.record({ drafted: 0, accepted: 0 });
  expect(tracked.alpha).toBeNull();
  tracked.record({ drafted: 8, accepted: 1 });
  expect(tracked.alpha).toBe(0.5);
  tracked.record({ drafted: 4, accepted: 4 });
  expect(tracked.alpha).toBe(1);
  const slow = trackAcceptance(0.5);
  slow.record({ drafted: 1, accepted: 1 });
  slow.record({ drafted: 1, accepted: 0 });
  expect(slow.alpha).toBeCloseTo(1 / 3, 12);
  expect(() => trackAcceptance(0)).toThrow(/weight/);
});
