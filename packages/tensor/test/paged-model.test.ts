/** Random histories of a paged memory against lists of slots. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { pagedKv, runPages } from "../src/kv/paged.js";
import type { KvMemory, KvRun } from "../src/kv/types.js";
import { PAGE_SLOTS } from "../src/kv/types.js";
import { tensorFrom } from "../src/tensor.js";
import type { SparseRows } from "../src/types.js";
import { type ArrayDriver, arrayDriver } from "./array-driver.js";

const WIDTH = 2;

interface Slot {
  readonly key: readonly number[];
  readonly value: readonly number[];
  readonly position: number;
  readonly weight: number;
}

/** A naive head: a list of slots that nobody shares. */
interface Pair {
  readonly run: KvRun;
  slots: Slot[];
}

class World {
  readonly driver: ArrayDriver = arrayDriver();
  readonly memory: KvMemory = pagedKv(this.driver);
  pairs: Pair[] = [];
  #next = 1;

  create(): void {
    this.pairs.push({ run: this.memory.create({ headWidth: WIDTH, format: "f32" }), slots: [] });
  }

  /** Appends the same number of rows to two different runs, or to one. */
  append(pairs: readonly Pair[], rows: number, firstRow: number): void {
    const width = pairs.length * WIDTH;
    const size = (firstRow + rows + 1) * width;
    const keys = Float32Array.from({ length: size }, () => this.#next++);
    const values = Float32Array.from({ length: size }, () => -this.#next++);
    const positions = Int32Array.from({ length: rows }, () => this.#next++);
    this.memory.append({
      runs: pairs.map(({ run }) => run),
      keys: tensorFrom(keys, [firstRow + rows + 1, width]),
      values: tensorFrom(values, [firstRow + rows + 1, width]),
      firstRow,
      rows,
      positions,
    });
    pairs.forEach((pair, g) => {
      for (let r = 0; r < rows; r++) {
        const at = (firstRow + r) * width + g * WIDTH;
        pair.slots.push({
          key: [...keys.subarray(at, at + WIDTH)],
          value: [...values.subarray(at, at + WIDTH)],
          position: positions[r]!,
          weight: 0,
        });
      }
    });
  }

  gather(sources: readonly Pair[], picks: readonly number[], weighted: boolean): void {
    const all = sources.flatMap(({ slots }) => slots);
    const chosen = all.length === 0 ? [] : picks.map((pick) => pick % all.length);
    const lists = chosen.map((source, i): [number, number][] =>
      weighted && i % 3 === 2
        ? [
            [source, 0.5],
            [(source + 1) % all.length, 2],
          ]
        : [[source, 1]],
    );
    const rows = sparse(lists, all.length);
    const positions = Int32Array.from(chosen, (_, i) => 10 * i);
    const logWeights = weighted ? Float32Array.from(chosen, (_, i) => i % 2) : null;
    const plan = { keysFrom: rows, valuesFrom: rows, positions, logWeights };
    const run = this.memory.gather(
      sources.map((pair) => pair.run),
      plan,
      "f32",
    );
    const mix = (list: [number, number][], kind: "key" | "value") =>
      Array.from({ length: WIDTH }, (_, d) =>
        list.reduce((sum, [source, weight]) => sum + weight * all[source]![kind][d]!, 0),
      );
    const slots = lists.map((list, i) => ({
      key: mix(list, "key"),
      value: mix(list, "value"),
      position: positions[i]!,
      weight: logWeights?.[i] ?? 0,
    }));
    this.pairs.push({ run, slots });
  }

  async check(): Promise<void> {
    for (const { run, slots } of this.pairs) {
      expect(run.length).toBe(slots.length);
      expect([...run.positions]).toEqual(slots.map(({ position }) => position));
      const weights = slots.map(({ weight }) => weight);
      if (weights.every((weight) => weight === 0)) expect(run.logWeights).toBeNull();
      else expect([...run.logWeights!]).toEqual(weights);
      expect([...(await run.read("key"))]).toEqual(slots.flatMap(({ key }) => key));
      expect([...(await run.read("value"))]).toEqual(slots.flatMap(({ value }) => value));
      const pages = runPages(this.driver, run);
      expect(pages.length).toBe(Math.ceil(slots.length / PAGE_SLOTS));
      slots.forEach(({ weight }, slot) => {
        const page = pages[Math.floor(slot / PAGE_SLOTS)]!;
        expect(page.logWeights[slot % PAGE_SLOTS]).toBe(weight);
      });
    }
    const distinct = new Set(this.pairs.flatMap(({ run }) => [...runPages(this.driver, run)]));
    expect(this.driver.counts.pages).toBe(distinct.size);
    const bytes = this.driver.pageBytes({ headWidth: WIDTH, format: "f32" });
    expect(this.memory.byteLength()).toBe(distinct.size * bytes);
  }
}

function sparse(lists: readonly (readonly [number, number])[][], sourceCount: number): SparseRows {
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach((list, i) => {
    starts[i + 1] = starts[i]! + list.length;
  });
  return {
    rowCount: lists.length,
    sourceCount,
    starts,
    sources: Uint32Array.from(lists.flat(), ([source]) => source),
    weights: Float32Array.from(lists.flat(), ([, weight]) => weight),
  };
}

const step = fc.record({
  act: fc.constantFrom(
    "create",
    "append",
    "append",
    "appendTwo",
    "fork",
    "truncate",
    "keep",
    "rotate",
    "gather",
    "dispose",
  ),
  which: fc.nat(),
  amount: fc.nat(90),
  picks: fc.array(fc.nat(200), { maxLength: 80 }),
  flag: fc.boolean(),
});

test("any history gives what lists of slots give, and every page comes back", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
      const world = new World();
      world.create();
      for (const { act, which, amount, picks, flag } of steps) {
        const { pairs } = world;
        const pair = pairs[which % Math.max(1, pairs.length)];
        if (act === "create" || pair === undefined) {
          world.create();
          continue;
        }
        const other = pairs[(which + 1) % pairs.length]!;
        const { slots, run } = pair;
        switch (act) {
          case "append":
            world.append([pair], amount, which % 3);
            break;
          case "appendTwo":
            world.append(other === pair ? [pair] : [other, pair], amount % 40, which % 3);
            break;
          case "fork":
            pairs.push({ run: run.fork(), slots: [...slots] });
            break;
          case "truncate": {
            const length = amount % (slots.length + 1);
            run.truncate(length);
            slots.length = length;
            break;
          }
          case "keep": {
            const first = amount % (slots.length + 1);
            const chosen = new Set(
              picks.map((pick) => first + (pick % Math.max(1, slots.length - first))),
            );
            const kept = Uint32Array.from(chosen)
              .filter((slot) => slot < slots.length)
              .sort();
            run.keep(first, kept);
            pair.slots = [...slots.slice(0, first), ...Array.from(kept, (slot) => slots[slot]!)];
            break;
          }
          case "rotate": {
            // Quarter turns are exact in floats; a still slot stays where `flag` says so.
            const turns = slots.map((_, i) => (flag ? Number(i % 5 === 0) : 1));
            const angles = Float32Array.from(turns.flatMap((turn) => [1 - turn, turn]));
            const positions = Int32Array.from(slots, ({ position }) => position + 1000);
            run.rotate(angles, positions);
            pair.slots = slots.map((slot, i) => ({
              ...slot,
              position: slot.position + 1000,
              key: turns[i] ? [0 - slot.key[1]!, slot.key[0]!] : slot.key,
            }));
            break;
          }
          case "gather":
            world.gather(flag ? [pair, other] : [pair], picks, amount % 2 === 0);
            break;
          case "dispose":
            run.dispose();
            run.dispose();
            pairs.splice(pairs.indexOf(pair), 1);
            break;
        }
        await world.check();
      }
      for (const { run } of world.pairs) run.dispose();
      expect(world.driver.counts.pages).toBe(0);
      expect(world.memory.byteLength()).toBe(0);
    }),
    { numRuns: 150 },
  );
});
