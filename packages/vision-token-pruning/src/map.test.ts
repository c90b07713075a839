import { floats } from "@frugal/tensor";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../test/code-of.js";
import { applyMap, composeMaps, isIdentity, restoreTokens } from "./apply.js";
import { identityMap, keepTokens, mergeTokens, spatialOrder } from "./map.js";
import { nextState, openState } from "./state.js";
import type { TokenMap, TokenState } from "./types.js";

const column = (...values: number[]) => floats([values.length, 1], Float32Array.from(values));
describe("keepTokens", () => {
  const state = nextState(
    keepTokens(Uint32Array.of(0, 2, 3, 5), openState(6), { positions: "keep" }),
    openState(6),
  );

  test("keeps sizes, and positions when asked", () => {
    const map = keepTokens(Uint32Array.of(1, 3), state, { positions: "keep" });
    expect([...map.matrix.sources]).toEqual([1, 3]);
    expect([...(map.positions as Int32Array)]).toEqual([2, 5]);
    expect([...map.sizes]).toEqual([1, 1]);
    expect([...nextState(map, state).origins.sources]).toEqual([2, 5]);
  });

  test("all tokens are the identity with their positions as they were", () => {
    const map = keepTokens(Uint32Array.of(0, 1, 2, 3), state);
    expect(isIdentity(map)).toBe(true);
    expect([...(map.positions as Int32Array)]).toEqual([0, 2, 3, 5]);
  });

  test("says when the order is not spatial, and spatialOrder repairs it", () => {
    const map = keepTokens(Uint32Array.of(3, 0), state);
    expect(map.order).toBe("official");
    const repaired = spatialOrder(nextState(map, state))!;
    expect([...repaired.matrix.sources]).toEqual([1, 0]);
    expect(repaired.order).toBe("spatial");
    expect(spatialOrder(state)).toBeNull();
  });

  test("no token is a legal map", () => {
    const map = keepTokens(new Uint32Array(0), state);
    expect(applyMap(map, column(1, 2, 3, 4)).dims).toEqual([0, 1]);
    expect([...restoreTokens(map, floats([0, 1], new Float32Array(0))).data]).toEqual([0, 0, 0, 0]);
  });

  test("refuses indices that are out of range or repeated", () => {
    expect(codeOf(() => keepTokens(Uint32Array.of(4), state))).toBe("ArgumentError");
    expect(codeOf(() => keepTokens(Uint32Array.of(1, 1), state))).toBe("ArgumentError");
  });
});

describe("mergeTokens", () => {
  const state: TokenState = { ...openState(4), sizes: Float32Array.of(1, 3, 1, 1) };
  const assignment = Int32Array.of(1, 1, 0, -1);

  test("weighs by size, by count, or not at all", () => {
    const x = column(4, 8, 5, 100);
    expect([...applyMap(mergeTokens(assignment, 2, state), x).data]).toEqual([5, 7]);
    expect([...applyMap(mergeTokens(assignment, 2, state, { weighting: "mean" }), x).data]).toEqual(
      [5, 6],
    );
    expect([...applyMap(mergeTokens(assignment, 2, state, { weighting: "sum" }), x).data]).toEqual([
      5, 12,
    ]);
  });

  test("adds sizes up, takes the first token's position, and tells the order", () => {
    const map = mergeTokens(assignment, 2, state, { positions: "keep", proportional: true });
    expect([...map.sizes]).toEqual([1, 4]);
    expect([...(map.positions as Int32Array)]).toEqual([2, 0]);
    expect(map.order).toBe("official");
    expect(map.proportional).toBe(true);
  });

  test("restores a merged token at each source, and zeros where one was pruned", () => {
    const map = mergeTokens(assignment, 2, state);
    expect([...restoreTokens(map, column(5, 7)).data]).toEqual([7, 7, 5, 0]);
  });

  test("refuses an empty row, a row out of range and another count", () => {
    expect(codeOf(() => mergeTokens(Int32Array.of(0, 0, 0, 2), 3, state))).toBe("ArgumentError");
    expect(codeOf(() => mergeTokens(Int32Array.of(0, 0, 0, 1), 1, state))).toBe("ArgumentError");
    expect(codeOf(() => mergeTokens(Int32Array.of(0, 0, 0, -2), 1, state))).toBe("ArgumentError");
    expect(codeOf(() => mergeTokens(Int32Array.of(0), 1, state))).toBe("ArgumentError");
  });
});

test("a prune restores exactly: kept rows bit for bit, zeros elsewhere", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.float(), fc.boolean()), { maxLength: 20 }), (tokens) => {
      const kept = Uint32Array.from(tokens.flatMap(([, keep], n) => (keep ? [n] : [])));
      const map = keepTokens(kept, openState(tokens.length));
      const x = column(...tokens.map(([value]) => value));
      const expected = tokens.map(([value, keep]) => (keep ? Math.fround(value) : 0));
      expect([...restoreTokens(map, applyMap(map, x)).data]).toEqual(expected);
    }),
  );
});

describe("composition", () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 16 });

  test("of two maps does what they do in turn, forward and back", () => {
    fc.assert(
      fc.property(values, fc.array(fc.nat(1000), { minLength: 32 }), (v, dice) => {
        const state = openState(v.length);
        const first = randomMap(state, dice);
        const middle = nextState(first, state);
        const second = randomMap(middle, dice.toReversed());
        const both = composeMaps(first, second);
        const x = column(...v);
        const inTurn = applyMap(second, applyMap(first, x));
        expectClose(applyMap(both, x).data, inTurn.data);
        expectClose(
          restoreTokens(both, inTurn).data,
          restoreTokens(first, restoreTokens(second, inTurn)).data,
        );
        expect(both.sizes).toEqual(second.sizes);
        expect(nextState(both, state).origins).toEqual(nextState(second, middle).origins);
      }),
    );
  });

  test("with the identity changes nothing", () => {
    const state = openState(5);
    const map = keepTokens(Uint32Array.of(1, 4), state);
    expect(composeMaps(identityMap(state), map).matrix).toEqual(map.matrix);
    expect(composeMaps(map, identityMap(nextState(map, state))).matrix).toEqual(map.matrix);
  });

  test("carries features that are not linear", () => {
    const state = openState(3);
    const made: TokenMap = { ...keepTokens(Uint32Array.of(0, 2), state), features: column(9, 8) };
    const after = nextState(made, state);
    const both = composeMaps(made, keepTokens(Uint32Array.of(1), after));
    expect([...applyMap(both, column(1, 2, 3)).data]).toEqual([8]);
    expect(isIdentity({ ...identityMap(state), features: column(1, 2, 3) })).toBe(false);
  });
});

test("shapes that disagree are refused", () => {
  const state = openState(3);
  const map = keepTokens(Uint32Array.of(0, 2), state);
  expect(codeOf(() => applyMap(map, column(1, 2)))).toBe("ShapeError");
  expect(codeOf(() => restoreTokens(map, column(1, 2, 3)))).toBe("ShapeError");
  expect(codeOf(() => composeMaps(map, map))).toBe("ShapeError");
  expect(codeOf(() => nextState(map, openState(4)))).toBe("ShapeError");
});

/** Prunes about a quarter of the tokens and merges the others into about half as many rows. */
function randomMap(state: TokenState, dice: readonly number[]): TokenMap {
  const rows = new Map<number, number>();
  const assignment = Int32Array.from({ length: state.count }, (_, n) => {
    const die = dice[n % dice.length]!;
    if (die % 4 === 0) return -1;
    const group = die % Math.max(1, Math.ceil(state.count / 2));
    if (!rows.has(group)) rows.set(group, rows.size);
    return rows.get(group)!;
  });
  return mergeTokens(assignment, rows.size, state);
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((v, i) => {
    expect(Math.abs(v - expected[i]!)).toBeLessThan(1e-4);
  });
}
