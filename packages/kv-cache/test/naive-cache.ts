/** The cache as plain arrays that forget nothing on purpose: what every change is compared with. */

import type { CacheLayout } from "@frugal/tensor";
import { type HeadPlan, ropeAngles, ropeFrequencies } from "@frugal/tensor";
import type { RopeRotation } from "../src/types.js";

export interface NaiveSlot {
  readonly origin: number;
  readonly position: number;
  readonly logWeight: number;
  /** Before rotation. */
  readonly key: readonly number[];
  readonly value: readonly number[];
}

interface NaiveLayer {
  heads: NaiveSlot[][];
  /** The position that follows each token. */
  after: number[];
}

export class NaiveCache {
  tokens: number[] = [];
  layers: NaiveLayer[];
  base = 0;

  constructor(headCounts: readonly number[]) {
    this.layers = headCounts.map((count) => ({
      heads: Array.from({ length: count }, () => []),
      after: [],
    }));
  }

  copy(): NaiveCache {
    const copy = new NaiveCache([]);
    copy.tokens = [...this.tokens];
    copy.layers = this.layers.map(({ heads, after }) => ({
      heads: heads.map((slots) => [...slots]),
      after: [...after],
    }));
    return copy;
  }

  nextPosition(layer: number): number {
    return this.layers[layer]!.after.at(-1) ?? 0;
  }

  begin(tokens: readonly number[]): void {
    this.base = this.tokens.length;
    this.tokens.push(...tokens);
  }

  /** rows[head][i] */
  append(layer: number, rows: readonly (readonly NaiveSlot[])[]): void {
    const own = this.layers[layer]!;
    for (const [head, slots] of rows.entries()) own.heads[head]!.push(...slots);
    this.#book(own);
  }

  commit(rows: readonly number[]): void {
    const { base } = this;
    const ranks = new Map(rows.map((row, rank) => [base + row, base + rank]));
    this.tokens = [...this.tokens.slice(0, base), ...rows.map((row) => this.tokens[base + row]!)];
    for (const layer of this.layers) {
      layer.after.length = Math.min(layer.after.length, base);
      layer.heads = layer.heads.map((slots) =>
        slots.flatMap((slot) => {
          if (slot.origin < base) return [slot];
          const origin = ranks.get(slot.origin);
          return origin === undefined ? [] : [{ ...slot, origin }];
        }),
      );
      this.#book(layer);
    }
  }

  truncate(count: number): void {
    this.tokens.length = count;
    for (const layer of this.layers) {
      layer.after.length = Math.min(layer.after.length, count);
      layer.heads = layer.heads.map((slots) => slots.filter(({ origin }) => origin < count));
    }
  }

  keep(layer: number, kept: readonly (readonly number[] | null)[], compact: boolean): void {
    const own = this.layers[layer]!;
    own.heads = own.heads.map((slots, g) => kept[g]?.map((slot) => slots[slot]!) ?? slots);
    if (!compact) return;
    const longest = Math.max(...own.heads.map(({ length }) => length));
    own.heads = own.heads.map((slots) =>
      slots.map((slot, i) => ({ ...slot, position: longest - slots.length + i })),
    );
    own.after = this.tokens.map((_, t) =>
      Math.max(
        0,
        ...own.heads.flat().map(({ origin, position }) => (origin <= t ? position + 1 : 0)),
      ),
    );
  }

  #book(layer: NaiveLayer): void {
    for (const { origin, position } of layer.heads[0]!) {
      while (layer.after.length < origin) layer.after.push(layer.after.at(-1) ?? 0);
      if (layer.after.length === origin) {
        layer.after.push(Math.max(layer.after.at(-1) ?? 0, position + 1));
      }
    }
  }
}

/** Two layers of unlike heads; the second has no rope. */
export const HEAD_COUNTS = [2, 3] as const;
export const HEAD_WIDTH = 4;
const ROPE = ropeFrequencies({ theta: 50, headWidth: HEAD_WIDTH });

export const LAYOUT: CacheLayout = {
  model: {
    decoder: {
      layerCount: 2,
      queryHeadCount: 6,
      kvHeadCount: 2,
      headWidth: HEAD_WIDTH,
      width: 24,
      vocabularySize: 1000,
    },
  },
  layers: HEAD_COUNTS.map((kvHeadCount) => ({
    kind: "attention",
    kvHeadCount,
    headWidth: HEAD_WIDTH,
  })),
};

export const ROTATION: RopeRotation = {
  angles: (layer, deltas) => (layer === 1 ? null : ropeAngles(ROPE, deltas)),
};

/** The key of a slot as its layer stores it. */
export function rotated(layer: number, slot: NaiveSlot): readonly number[] {
  if (layer === 1) return slot.key;
  const angles = ropeAngles(ROPE, [slot.position]);
  const half = HEAD_WIDTH / 2;
  return slot.key.map((x, d) =>
    d < half
      ? x * angles[d]! - slot.key[d + half]! * angles[half + d]!
      : x * angles[d - half]! + slot.key[d - half]! * angles[d]!,
  );
}

export function keepPlan(
  slots: readonly number[],
  head: readonly { readonly position: number; readonly logWeight: number }[],
): HeadPlan {
  const rows = {
    rowCount: slots.length,
    sourceCount: head.length,
    starts: Uint32Array.from({ length: slots.length + 1 }, (_, i) => i),
    sources: Uint32Array.from(slots),
    weights: new Float32Array(slots.length).fill(1),
  };
  return {
    keysFrom: rows,
    valuesFrom: rows,
    positions: Int32Array.from(slots, (slot) => head[slot]!.position),
    logWeights: null,
  };
}
