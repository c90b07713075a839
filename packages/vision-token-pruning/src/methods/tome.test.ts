import { createRandom, floats } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { nextState, openState } from "../state.js";
import { contextOf, LAYERS, signalOf } from "../trial/model.js";
import type { TokenContext, TokenMap, TokenState } from "../types.js";
import { headMean, mergeSimilar, type TomeOptions, tome } from "./tome.js";

async function run(options: TomeOptions, context: TokenContext) {
  const maps: TokenMap[] = [];
  const counts: number[] = [];
  let state: TokenState = openState(context.tokenCount);
  for (const step of tome(options).open(context).steps) {
    const key = step.needs.key;
    const map = await step.act(
      key ? { key: signalOf(key, step.stage, state, context, 7) } : {},
      state,
    );
    if (!map) continue;
    maps.push(map);
    state = nextState(map, state);
    counts.push(state.count);
  }
  return { maps, counts, state };
}

describe("tome", () => {
  test("removes r tokens in every layer, between attention and MLP", async () => {
    const { counts, state } = await run({ r: 3 }, contextOf(20));
    expect(counts).toEqual([17, 14, 11, 8]);
    expect(state.sizes.reduce((a, b) => a + b)).toBe(20);
    const { steps } = tome({ r: 3 }).open(contextOf(20));
    expect(steps.map(({ stage }) => stage)).toEqual(
      Array.from({ length: LAYERS }, (_, layer) => ({
        at: "encoder",
        layer,
        point: "afterAttention",
      })),
    );
  });

  test("asks for keys only where it merges", () => {
    const { steps } = tome({ schedule: [0, 4, 0] }).open(contextOf(20));
    expect(steps.map(({ needs }) => needs.key?.layer)).toEqual([1]);
  });

  test("a schedule beyond halving is clamped, as released", async () => {
    expect((await run({ schedule: [20, 20, 20, 20] }, contextOf(20))).counts).toEqual([
      10, 5, 3, 2,
    ]);
  });

  for (const hasClassToken of [true, false]) {
    test(`meets a budget ${hasClassToken ? "beside" : "without"} a class token`, async () => {
      for (const tokens of [2, 7, 13, 19]) {
        const { state } = await run({ budget: { tokens } }, contextOf(20, { hasClassToken }));
        expect(state.count).toBe(tokens);
      }
    });
  }

  test("the class token takes no part: the map covers the image alone", async () => {
    const key = floats([1, 5, 2], Float32Array.of(9, 9, 1, 0, 0, 1, 1, 0.1, 9, 9));
    const step = tome({ schedule: [1] }).open(contextOf(4)).steps[0]!;
    const map = (await step.act({ key }, openState(4)))!;
    // Of the even tokens 2 and 4 the latter is nearer to an odd one, 3; the class token, equal to 4, is left out.
    expect([...map.matrix.starts]).toEqual([0, 1, 2, 4]);
    expect([...map.matrix.sources]).toEqual([1, 0, 2, 3]);
    expect([...map.sizes]).toEqual([1, 1, 2]);
  });

  test("is proportional unless told otherwise, and official unless told otherwise", async () => {
    const { maps } = await run({ r: 4 }, contextOf(20));
    expect(maps.every(({ proportional }) => proportional)).toBe(true);
    const plain = await run({ r: 4, proportionalAttention: false }, contextOf(20));
    expect(plain.maps.every(({ proportional }) => proportional === undefined)).toBe(true);
  });

  test("spatial order sorts once behind the encoder", async () => {
    const { maps } = await run({ r: 4, order: "spatial" }, contextOf(20));
    const official = await run({ r: 4 }, contextOf(20));
    expect(official.maps.at(-1)!.order).toBe("official");
    expect(maps.length).toBe(official.maps.length + 1);
    expect(maps.at(-1)!.order).toBe("spatial");
  });

  test("has no step for a whole budget, and prunes all for budget 0", async () => {
    expect(tome({ budget: { keepRatio: 1 } }).open(contextOf(20)).steps).toEqual([]);
    expect((await run({ budget: { tokens: 0 } }, contextOf(20))).counts).toEqual([0]);
  });

  test("refuses what it cannot do", () => {
    const { encoder: _, ...model } = contextOf(20).model;
    const open = (options: TomeOptions) => tome(options).open(contextOf(64));
    expect(codeOf(() => tome({ r: 1 }).open({ ...contextOf(20), model }))).toBe("CapabilityError");
    expect(codeOf(() => open({ budget: { tokens: 3 } }))).toBe("ArgumentError");
    expect(codeOf(() => open({ budget: { keepRatio: 2 } }))).toBe("ArgumentError");
    expect(codeOf(() => open({ schedule: [1, 1, 1, 1, 1] }))).toBe("ArgumentError");
    expect(codeOf(() => open({ r: -1 }))).toBe("ArgumentError");
    const key = floats([1, 4, 2], new Float32Array(8));
    const act = () => open({ r: 1 }).steps[0]!.act({ key }, openState(64));
    expect(codeOf(act)).toBe("ShapeError");
    expect(codeOf(() => open({ r: 1 }).steps[0]!.act({}, openState(64)))).toBe("StateError");
  });
});

test("headMean averages heads, not rows", () => {
  const key = floats([2, 2, 1], Float32Array.of(1, 2, 3, 6));
  expect([...headMean(key).data]).toEqual([2, 4]);
  expect(headMean(key).dims).toEqual([2, 1]);
});

test("mergeSimilar weighs by the sizes that earlier rounds left", () => {
  const random = createRandom(5);
  const metric = floats(
    [8, 3],
    Float32Array.from({ length: 24 }, () => random.next()),
  );
  const state = { ...openState(8), sizes: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  const map = mergeSimilar(metric, 4, state, { classToken: false, proportional: true })!;
  expect(map.sizes.reduce((a, b) => a + b)).toBe(36);
  for (let m = 0; m < 4; m++) {
    for (let i = map.matrix.starts[m]!; i < map.matrix.starts[m + 1]!; i++) {
      const share = state.sizes[map.matrix.sources[i]!]! / map.sizes[m]!;
      expect(map.matrix.weights[i]).toBeCloseTo(share, 6);
    }
  }
});
