import { describe, expect, test } from "vitest";
import { specBenchMetrics } from "./spec-bench.js";

const pass = (drafted: number, accepted: number) => ({ drafted, accepted });

describe("specBenchMetrics", () => {
  test("pools the passes and averages speed both ways", () => {
    const metrics = specBenchMetrics({
      speculative: [
        { newTokens: 6, elapsedMs: 3, passes: [pass(3, 3), pass(2, 1)], draftMs: 1, verifyMs: 2 },
        { newTokens: 2, elapsedMs: 2, passes: [pass(0, 0), pass(3, 0)], draftMs: 0.5, verifyMs: 1 },
      ],
      plain: [
        { newTokens: 6, elapsedMs: 6 },
        { newTokens: 2, elapsedMs: 4 },
      ],
    });
    expect(metrics.meanAcceptedTokens).toBe(2);
    expect(metrics.speedupMeanOfRates).toBeCloseTo(1.5 / 0.75, 12);
    expect(metrics.speedupTotals).toBeCloseTo(1.6 / 0.8, 12);
    expect(metrics.acceptanceByPosition).toEqual([2 / 3, 1 / 2, 1]);
    expect([metrics.draftMs, metrics.verifyMs]).toEqual([1.5, 3]);
  });

  test("plain decoding measured against itself is 1", () => {
    const run = { newTokens: 3, elapsedMs: 7 };
    const passes = [pass(0, 0), pass(0, 0), pass(0, 0)];
    const metrics = specBenchMetrics({
      speculative: [{ ...run, passes, draftMs: 0, verifyMs: 7 }],
      plain: [run],
    });
    expect(metrics).toMatchObject({
      meanAcceptedTokens: 1,
      speedupTotals: 1,
      speedupMeanOfRates: 1,
    });
    expect(metrics.acceptanceByPosition).toEqual([]);
  });

  test("refuses no runs and runs without time", () => {
    const plain = [{ newTokens: 1, elapsedMs: 0 }];
    const run = { newTokens: 1, elapsedMs: 1, passes: [], draftMs: 0, verifyMs: 0 };
    expect(() => specBenchMetrics({ speculative: [], plain })).toThrow(/at least one/);
    expect(() => specBenchMetrics({ speculative: [run], plain })).toThrow(/elapsedMs/);
  });
});
