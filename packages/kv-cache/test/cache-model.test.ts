import { type Backend, floats, type KvFormat } from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createCache, loadCache } from "../src/index.js";
import type { Cache } from "../src/types.js";
import {
  HEAD_COUNTS,
  HEAD_WIDTH,
  keepPlan,
  LAYOUT,
  NaiveCache,
  type NaiveSlot,
  ROTATION,
  rotated,
} from "./naive-cache.js";

type Action =
  | { readonly do: "step"; readonly count: number; readonly skip: number; readonly split: boolean }
  | { readonly do: "tree"; readonly parents: readonly number[]; readonly leaf: number }
  | { readonly do: "draft"; readonly count: number; readonly accepted: number }
  | { readonly do: "truncate"; readonly share: number }
  | {
      readonly do: "evict";
      readonly layer: number;
      readonly seed: number;
      readonly compact: boolean;
    }
  | { readonly do: "fork"; readonly stay: boolean }
  | { readonly do: "reload" };

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("step" as const),
      count: fc.integer({ min: 0, max: 40 }),
      skip: fc.integer({ min: 0, max: 5 }),
      split: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("tree" as const),
      parents: fc.array(fc.nat(100), { maxLength: 8 }),
      leaf: fc.nat(100),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("draft" as const),
      count: fc.integer({ min: 1, max: 6 }),
      accepted: fc.nat(5),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("truncate" as const),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("evict" as const),
      layer: fc.nat(1),
      seed: fc.nat(),
      compact: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("fork" as const), stay: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reload" as const) }) },
);

class Pair {
  cache: Cache;
  naive = new NaiveCache(HEAD_COUNTS);
  readonly backend: Backend;
  #salt = 0;

  constructor(backend: Backend, format: KvFormat) {
    this.backend = backend;
    this.cache = createCache({ backend, layout: LAYOUT, rope: ROTATION, format });
  }

  async run(action: Action): Promise<void> {
    switch (action.do) {
      case "step":
        this.#step(action.count, null, action.skip, action.split);
        return;
      case "draft": {
        this.#step(action.count, null, 0, false);
        this.#commit(
          Array.from({ length: Math.min(action.count, 1 + action.accepted) }, (_, i) => i),
        );
        return;
      }
      case "tree": {
        const parents = [-1, ...action.parents.map((parent, i) => parent % (i + 1))];
        this.#step(parents.length, parents, 0, false);
        const path: number[] = [];
        for (let row = action.leaf % parents.length; row >= 0; row = parents[row]!)
          path.unshift(row);
        this.#commit(path);
        return;
      }
      case "truncate": {
        const count = Math.floor(action.share * this.naive.tokens.length);
        this.cache.truncate(count);
        this.naive.truncate(count);
        return;
      }
      case "evict":
        this.#evict(action.layer, action.seed, action.compact);
        return;
      case "fork": {
        const fork = this.cache.fork();
        const [used, idle] = action.stay ? [this.cache, fork] : [fork, this.cache];
        this.cache = idle;
        const copy = this.naive.copy();
        this.#step(5, null, 0, false); // the other one must not see this
        idle.dispose();
        this.cache = used;
        this.naive = copy;
        return;
      }
      case "reload": {
        const bytes = await this.cache.save();
        this.cache.dispose();
        this.cache = loadCache(bytes, { backend: this.backend, layout: LAYOUT, rope: ROTATION });
        return;
      }
    }
  }

  #step(count: number, parents: readonly number[] | null, skip: number, split: boolean): void {
    const tokens = Array.from({ length: count }, () => this.#salt++ % 1000);
    this.cache.begin({
      tokens: Uint32Array.from(tokens),
      ...(parents ? { parents: Int32Array.from(parents) } : {}),
    });
    this.naive.begin(tokens);
    const depths = tokens.map((_, i) => depthOf(parents, i));
    HEAD_COUNTS.forEach((headCount, layer) => {
      // Later layers lose every `skip`-th row, as after a pruning inside the decoder.
      const own = tokens
        .map((_, i) => i)
        .filter((i) => layer === 0 || skip === 0 || i % skip !== 1);
      const first = this.cache.nextPosition(layer);
      expect(first).toBe(this.naive.nextPosition(layer));
      const parts = split ? [own.slice(0, own.length >> 1), own.slice(own.length >> 1)] : [own];
      for (const rows of parts)
        this.#append(
          layer,
          headCount,
          rows,
          rows.map((i) => first + depths[i]!),
        );
    });
  }

  #append(layer: number, headCount: number, rows: readonly number[], positions: number[]): void {
    const slots: NaiveSlot[][] = Array.from({ length: headCount }, () =>
      rows.map((row, i) => ({
        origin: this.naive.base + row,
        position: positions[i]!,
        logWeight: 0,
        key: this.#vector(),
        value: this.#vector(),
      })),
    );
    const dims = [rows.length + 2, headCount * HEAD_WIDTH];
    const packed = (of: (slot: NaiveSlot) => readonly number[]) => {
      const data = new Float32Array(dims[0]! * dims[1]!).fill(99);
      slots.forEach((own, g) => {
        for (const [i, slot] of own.entries()) {
          data.set(of(slot), (i + 1) * dims[1]! + g * HEAD_WIDTH);
        }
      });
      return this.backend.upload(floats(dims, data));
    };
    const keys = packed((slot) => rotated(layer, slot));
    const values = packed((slot) => slot.value);
    this.cache.append(layer, {
      keys,
      values,
      firstRow: 1,
      rows: rows.length,
      positions: Int32Array.from(positions),
      origins: Int32Array.from(rows),
    });
    keys.dispose();
    values.dispose();
    this.naive.append(layer, slots);
  }

  #commit(rows: readonly number[]): void {
    this.cache.commit(rows);
    this.naive.commit(rows);
  }

  #evict(layer: number, seed: number, compact: boolean): void {
    const kept = this.naive.layers[layer]!.heads.map((slots, g) =>
      (seed + g) % 4 === 0
        ? null
        : slots.map((_, i) => i).filter((i) => (i * 7 + seed + g) % 3 !== 0),
    );
    const plans = kept.map((own, g) => own && keepPlan(own, this.naive.layers[layer]!.heads[g]!));
    this.cache.apply(layer, plans, { positions: compact ? "compact" : "original" });
    this.naive.keep(layer, kept, compact);
  }

  #vector(): number[] {
    return Array.from({ length: HEAD_WIDTH }, () => Math.sin(this.#salt++ * 12.9898) * 2);
  }

  async check(tolerance: number): Promise<void> {
    expect([...this.cache.tokens]).toEqual(this.naive.tokens);
    for (const [layer, { heads }] of this.naive.layers.entries()) {
      expect(this.cache.nextPosition(layer)).toBe(this.naive.nextPosition(layer));
      for (const [head, slots] of heads.entries()) {
        expect(this.cache.length(layer, head)).toBe(slots.length);
        expect([...this.cache.positions(layer, head)]).toEqual(slots.map((s) => s.position));
        expect([...this.cache.origins(layer, head)]).toEqual(slots.map((s) => s.origin));
        const keys = await this.cache.keys(layer, head);
        const values = await this.cache.values(layer, head);
        expect(keys.dims).toEqual([slots.length, HEAD_WIDTH]);
        near(
          keys.data,
          slots.flatMap((slot) => rotated(layer, slot)),
          tolerance,
        );
        near(
          values.data,
          slots.flatMap((slot) => slot.value),
          tolerance,
        );
      }
    }
  }
}

function depthOf(parents: readonly number[] | null, row: number): number {
  if (parents === null) return row;
  const parent = parents[row]!;
  return parent < 0 ? 0 : 1 + depthOf(parents, parent);
}

function near(actual: Float32Array, expected: readonly number[], tolerance: number): void {
  const worst = expected.reduce((most, x, i) => Math.max(most, Math.abs(x - actual[i]!)), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

for (const [format, tolerance] of [
  ["f32", 1e-4],
  ["int8", 0.25], // a slot is coded anew at every turn; each time at most half a step of 2 / 127
] as const) {
  test(`agrees with plain arrays through any steps, drafts, cuts and evictions (${format})`, async () => {
    const backend = referenceBackend();
    await fc.assert(
      fc.asyncProperty(fc.array(actions, { minLength: 1, maxLength: 14 }), async (list) => {
        const pair = new Pair(backend, format);
        try {
          for (const action of list) await pair.run(action);
          await pair.check(tolerance);
        } finally {
          pair.cache.dispose();
        }
        expect(backend.kv.byteLength()).toBe(0);
      }),
      { numRuns: 120, seed: 7 },
    );
  });
}
