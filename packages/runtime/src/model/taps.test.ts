/** Signals of a tiny decoder against what follows from one another by hand. */
import type { Floats, Needs, Signals, Tap } from "@frugal/tensor";
import { expect, test } from "vitest";
import { at, counting, TINY, tinyCheckpoint, tinyEngine } from "../../test/tiny.js";
import type { StepInput } from "../types.js";
import { runStep } from "./step.js";

const { layerCount: L, queryHeadCount: H, kvHeadCount: G, headWidth: D, width: C } = TINY;
const ROWS = 5;
const PAST = 3;
const T = PAST + ROWS;

const tap = (signal: Tap["signal"], layer: Tap["layer"] = 1, more: Partial<Tap> = {}): Tap => ({
  signal,
  part: "decoder",
  ...(layer === undefined ? {} : { layer }),
  ...more,
});

async function tapped(needs: Needs, more: Partial<StepInput> = {}): Promise<Signals> {
  const engine = tinyEngine();
  const cache = engine.newCache();
  await runStep(engine, { rows: [{ cache, tokens: counting(PAST) }], logits: "none" });
  const tokens = counting(ROWS, 7);
  const out = await runStep(engine, { rows: [{ cache, tokens }], logits: "none", needs, ...more });
  cache.dispose();
  return out.signals[0] as Signals;
}

const values = (signal: Floats | undefined): Float32Array =>
  signal?.data ?? expect.fail("nothing came back");

function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    expect(Math.abs((got[i] as number) - (wanted[i] as number)), `element ${i}`).toBeLessThan(1e-5);
  }
}

function normed(rows: Float32Array, gain: ArrayLike<number>): number[] {
  return Array.from(rows, (value, i) => {
    const row = rows.subarray(i - (i % C), i - (i % C) + C);
    const square = row.reduce((sum, v) => sum + v * v, 0) / C;
    return (value / Math.sqrt(square + TINY.normEpsilon)) * (gain[i % C] as number);
  });
}

test("hidden states: embeddings first, sums of the sublayers' outputs after", async () => {
  const checkpoint = tinyCheckpoint();
  const found = await tapped({
    first: tap("hidden", 0),
    before: tap("hidden", 1),
    after: tap("hidden", 2),
    last: tap("hidden", L),
    input: tap("attentionInput"),
    attention: tap("attentionOutput"),
    ffnInput: tap("ffnInput"),
    ffn: tap("ffnOutput"),
  });
  const table = checkpoint.get("embed_tokens.weight") as Floats;
  expect([...values(found.first)]).toEqual([...table.data.subarray(7 * C, (7 + ROWS) * C)]);
  expect(found.last?.dims).toEqual([ROWS, C]);
  const gainOf = (name: string) => (checkpoint.get(name) as Floats).data;
  expectClose(
    values(found.input),
    normed(values(found.before), gainOf("layers.1.input_layernorm.weight")),
  );
  const middle = values(found.before).map((v, i) => v + (values(found.attention)[i] as number));
  expectClose(
    values(found.ffnInput),
    normed(middle, gainOf("layers.1.post_attention_layernorm.weight")),
  );
  expectClose(
    values(found.after),
    middle.map((v, i) => v + (values(found.ffn)[i] as number)),
  );
});

test("the feed-forward's activation gives its output", async () => {
  const found = await tapped({ inner: tap("ffnActivation"), out: tap("ffnOutput") });
  const down = tinyCheckpoint().get("layers.1.mlp.down_proj.weight") as Floats;
  const inner = found.inner as Floats;
  expect(inner.dims).toEqual([ROWS, TINY.ffnWidth]);
  const wanted = Array.from({ length: ROWS * C }, (_, i) => {
    let sum = 0;
    for (let f = 0; f < TINY.ffnWidth; f++) {
      sum += at(down, i % C, f) * at(inner, Math.floor(i / C), f);
    }
    return sum;
  });
  expectClose(values(found.out), wanted);
});

test("queries and keys turn by their positions, in halves", async () => {
  const found = await tapped({
    query: tap("query"),
    flatQuery: tap("queryBeforeRope"),
    key: tap("key"),
    flatKey: tap("keyBeforeRope"),
  });
  for (const [name, heads] of [
    ["query", H],
    ["key", G],
  ] as const) {
    const turned = found[name] as Floats;
    const flat = found[name === "query" ? "flatQuery" : "flatKey"] as Floats;
    expect(turned.dims).toEqual([heads, ROWS, D]);
    for (let head = 0; head < heads; head++) {
      for (let row = 0; row < ROWS; row++) {
        for (let d = 0; d < D / 2; d++) {
          const angle = (PAST + row) * 100 ** ((-2 * d) / D);
          const [x, y] = [at(flat, head, row, d), at(flat, head, row, d + D / 2)];
          const wanted = x * Math.cos(angle) - y * Math.sin(angle);
          expect(at(turned, head, row, d)).toBeCloseTo(wanted, 5);
        }
      }
    }
  }
});

test("attention follows from queries and keys, and gives the heads' outputs", async () => {
  const needs = Object.fromEntries(
    (
      ["query", "key", "value", "attention", "attentionLogits", "logSumExp", "headOutput"] as const
    ).map((signal) => [signal, tap(signal, 0)]),
  );
  const engine = tinyEngine();
  const cache = engine.newCache();
  const tokens = counting(T);
  const { signals } = await runStep(engine, { rows: [{ cache, tokens }], logits: "none", needs });
  const { query, key, value, attention, attentionLogits, logSumExp, headOutput } =
    signals[0] as Record<string, Floats>;
  for (let h = 0; h < H; h++) {
    const g = Math.floor(h / (H / G));
    for (let row = 0; row < T; row++) {
      const logits = Array.from({ length: row + 1 }, (_, t) => {
        let dot = 0;
        for (let d = 0; d < D; d++)
          dot += at(query as Floats, h, row, d) * at(key as Floats, g, t, d);
        return dot / Math.sqrt(D);
      });
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
      expect(at(logSumExp as Floats, h, row)).toBeCloseTo(Math.log(total), 4);
      let sum = 0;
      for (let t = 0; t < T; t++) {
        const weight = at(attention as Floats, h, row, t);
        sum += weight;
        if (t > row) {
          expect(weight).toBe(0);
          expect(at(attentionLogits as Floats, h, row, t)).toBe(-Infinity);
        } else {
          expect(at(attentionLogits as Floats, h, row, t)).toBeCloseTo(logits[t] as number, 4);
          expect(weight).toBeCloseTo(Math.exp(logits[t] as number) / total, 5);
        }
      }
      expect(sum).toBeCloseTo(1, 5);
      let out = 0;
      for (let t = 0; t <= row; t++) {
        out += at(attention as Floats, h, row, t) * at(value as Floats, g, t, 1);
      }
      expect(at(headOutput as Floats, h, row, 1)).toBeCloseTo(out, 5);
    }
  }
  cache.dispose();
});

/** Rows next to one another are one kernel call; with gaps, several that are put together. */
const CHOICES: readonly { readonly rows: NonNullable<Tap["rows"]>; readonly chosen: number[] }[] = [
  { rows: "all", chosen: [0, 1, 2, 3, 4] },
  { rows: "last", chosen: [4] },
  { rows: { last: 3 }, chosen: [2, 3, 4] },
  { rows: { every: 2 }, chosen: [0, 2, 4] },
  { rows: [0, 1, 4], chosen: [0, 1, 4] },
  { rows: [2], chosen: [2] },
];

test.each(CHOICES)("attention and column mass of rows $rows", async ({ rows, chosen }) => {
  const found = await tapped({
    whole: tap("attention"),
    attention: tap("attention", 1, { rows }),
    mass: tap("columnMass", 1, { rows }),
    largest: tap("columnMass", 1, { rows, reduce: "max" }),
    sums: tap("logSumExp", 1, { rows }),
    wholeSums: tap("logSumExp"),
    query: tap("query", 1, { rows }),
    wholeQuery: tap("query"),
  });
  expect(found.attention?.dims).toEqual([H, chosen.length, T]);
  for (let h = 0; h < H; h++) {
    for (let t = 0; t < T; t++) {
      const weights = chosen.map((row) => at(found.whole as Floats, h, row, t));
      chosen.forEach((row, i) => {
        expect(at(found.attention as Floats, h, i, t)).toBe(weights[i]);
        expect(at(found.sums as Floats, h, i)).toBe(at(found.wholeSums as Floats, h, row));
        expect(at(found.query as Floats, h, i, 2)).toBe(at(found.wholeQuery as Floats, h, row, 2));
      });
      const sum = weights.reduce((a, b) => a + b, 0);
      expect(at(found.mass as Floats, h, t)).toBeCloseTo(sum, 5);
      expect(at(found.largest as Floats, h, t)).toBeCloseTo(Math.max(...weights), 6);
    }
  }
});

test("layers are stacked, shorter ones padded with 0", async () => {
  const engine = tinyEngine();
  const cache = engine.newCache();
  const below = await runStep(engine, {
    rows: [{ cache, tokens: counting(4) }],
    logits: "none",
    toLayer: 1,
  });
  const [hidden] = below.hidden as [Floats];
  const kept = { ...hidden, dims: [2, C], data: hidden.data.slice(0, 2 * C) };
  const rows = [{ cache, origins: Int32Array.of(0, 1) }];
  await runStep(engine, { rows, logits: "none", fromLayer: 1, hidden: [kept] });
  const needs = {
    each: tap("attention", "each", { rows: "last" }),
    first: tap("attention", 0, { rows: "last" }),
    last: tap("attention", -1, { rows: "last" }),
  };
  const next = [{ cache, tokens: counting(1) }];
  const { signals } = await runStep(engine, { rows: next, logits: "none", needs });
  const { each, first, last } = signals[0] as Record<string, Floats>;
  expect([first?.dims, last?.dims, each?.dims]).toEqual([
    [H, 1, 5],
    [H, 1, 3],
    [L, H, 1, 5],
  ]);
  for (let h = 0; h < H; h++) {
    for (let t = 0; t < 5; t++) {
      expect(at(each as Floats, 0, h, 0, t)).toBe(at(first as Floats, h, 0, t));
      expect(at(each as Floats, 2, h, 0, t)).toBe(t < 3 ? at(last as Floats, h, 0, t) : 0);
    }
  }
  cache.dispose();
});

test("hidden states where a stack is left are those that come back", async () => {
  const engine = tinyEngine();
  const cache = engine.newCache();
  const needs = { out: tap("hidden", 2), each: tap("hidden", "each") };
  const rows = [{ cache, tokens: counting(4) }];
  const { signals, hidden } = await runStep(engine, { rows, logits: "none", toLayer: 2, needs });
  expect(signals[0]?.out).toEqual(hidden?.[0]);
  expect(signals[0]?.each?.dims).toEqual([2, 4, C]);
  cache.dispose();
});

test("some rows of a tree's attention are refused, also when nobody waits for them", async () => {
  const engine = tinyEngine();
  const cache = engine.newCache();
  const parents = Int32Array.of(-1, 0, 0);
  const rows = [{ cache, tokens: counting(3), parents }];
  const step = (needs: Needs) => runStep(engine, { rows, logits: "none", needs });
  await expect(step({ a: tap("attention", 0, { rows: "last" }) })).rejects.toMatchObject({
    code: "CapabilityError",
  });
  cache.truncate(0);
  const late = step({ a: tap("attention", 0, { rows: [9] }), b: tap("hidden", 1, { rows: [9] }) });
  await expect(late).rejects.toMatchObject({ code: "ArgumentError" });
  cache.truncate(0);
  const { signals } = await step({ a: tap("attention", 0) });
  expect([at(signals[0]?.a as Floats, 0, 2, 1), at(signals[0]?.a as Floats, 0, 0, 0)]).toEqual([
    0, 1,
  ]);
  cache.dispose();
});
