import { floats } from "@frugal/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { applyMap } from "../apply.js";
import { mergeTokens } from "../map.js";
import { openState } from "../state.js";
import { bipartiteSoftMatching } from "./bipartite.js";

const matrix = (rows: readonly (readonly number[])[]) =>
  floats([rows.length, rows[0]?.length ?? 0], Float32Array.from(rows.flat()));
const CARD = matrix([
  [1, 0],
  [1, 0.1],
  [0, 1],
  [0.2, 1],
  [-1, 0],
  [0.1, 0.9],
]);

const metrics = fc
  .tuple(fc.integer({ min: 1, max: 17 }), fc.integer({ min: 1, max: 4 }))
  .chain(([rows, width]) =>
    fc
      .array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.constant(Number.NaN)), {
        minLength: rows * width,
        maxLength: rows * width,
      })
      .map((data) => floats([rows, width], Float32Array.from(data))),
  );
const options = fc.record({ classToken: fc.boolean(), distillToken: fc.boolean() });

describe("bipartiteSoftMatching", () => {
  test("merges as the card's example does", () => {
    const plan = bipartiteSoftMatching(CARD, 2);
    expect([...plan.rowOf]).toEqual([1, 1, 3, 2, 0, 3]);
    expect([...plan.heads]).toEqual([4, 1, 3, 5]);
    const map = mergeTokens(plan.rowOf, plan.rowCount, openState(6));
    const merged = [...applyMap(map, CARD).data].map((v) => Math.round(v * 1e4) / 1e4);
    expect(merged).toEqual([-1, 0, 1, 0.05, 0.2, 1, 0.05, 0.95]);
    expect([...map.sizes]).toEqual([1, 2, 1, 2]);
  });

  test("with a class token keeps it first and the rest in order", () => {
    const plan = bipartiteSoftMatching(CARD, 1, { classToken: true });
    expect([...plan.heads]).toEqual([0, 4, 1, 3, 5]);
    expect(plan.rowOf[2]).toBe(plan.rowOf[5]);
  });

  test("equal similarities go to the lower index", () => {
    const same = floats([6, 1], new Float32Array(6).fill(1));
    expect([...bipartiteSoftMatching(same, 2).rowOf]).toEqual([1, 1, 1, 2, 0, 3]);
  });

  test("r = 0 and a single token are the identity; r is clamped to a half", () => {
    expect([...bipartiteSoftMatching(CARD, 0).rowOf]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(bipartiteSoftMatching(matrix([[1, 2]]), 5).rowCount).toBe(1);
    expect(bipartiteSoftMatching(CARD, 99).rowCount).toBe(3);
    expect(bipartiteSoftMatching(CARD, 99, { classToken: true }).rowCount).toBe(4);
  });

  test("parity repeats the released unmerge behind a distill token", () => {
    const tokens = { classToken: true, distillToken: true };
    const plan = bipartiteSoftMatching(CARD, 1, { ...tokens, parity: true });
    expect([...plan.heads]).toEqual([0, 1, 4, 3, 5]);
    expect([...plan.rowOf]).toEqual([0, 1, 4, 3, 2, 4]);
    // Read as [0, 4, 1, 3, 5]: token 4 gets row 1, token 1 gets row 2.
    expect([...plan.restoreFrom]).toEqual([0, 2, 4, 3, 1, 4]);
    const right = bipartiteSoftMatching(CARD, 1, tokens);
    expect(right.restoreFrom).toEqual(right.rowOf);
  });

  test("is a partition that leaves protected tokens alone, also with NaN rows", () => {
    fc.assert(
      fc.property(metrics, fc.nat(20), options, (metric, r, protect) => {
        const total = metric.dims[0]!;
        const { rowOf, rowCount, heads } = bipartiteSoftMatching(metric, r, protect);
        const guarded = Number(protect.classToken) + Number(protect.distillToken);
        const most = Math.max(0, Math.floor((total - guarded) / 2));
        expect(rowCount).toBe(total - Math.min(r, most));
        expect(new Set(rowOf).size).toBe(rowCount);
        expect([...heads].map((token) => rowOf[token])).toEqual([...heads.keys()]);
        const alone = [protect.classToken ? 0 : -1, protect.distillToken ? 1 : -1];
        for (const token of alone.filter((t) => t >= 0 && t < total)) {
          expect(rowOf.filter((row) => row === rowOf[token]).length).toBe(1);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("keeps the size-weighted mean of all tokens", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2 }),
        fc.nat(9),
        (v, r) => {
          const tokens = floats([v.length, 1], Float32Array.from(v));
          const plan = bipartiteSoftMatching(tokens, r);
          const map = mergeTokens(plan.rowOf, plan.rowCount, openState(v.length));
          const merged = applyMap(map, tokens).data;
          const total = merged.reduce((sum, x, m) => sum + x * map.sizes[m]!, 0);
          expect(Math.abs(total - v.reduce((a, b) => a + b))).toBeLessThan(1e-3);
        },
      ),
    );
  });

  test("refuses counts that are none and a metric that is no matrix", () => {
    expect(codeOf(() => bipartiteSoftMatching(CARD, -1))).toBe("ArgumentError");
    expect(codeOf(() => bipartiteSoftMatching(CARD, 1.5))).toBe("ArgumentError");
    expect(codeOf(() => bipartiteSoftMatching(floats([6], new Float32Array(6)), 1))).toBe(
      "ShapeError",
    );
  });
});
