/** A cache and signals that no model made, from a seed. */
import {
  type CacheLayout,
  type CacheView,
  CapabilityError,
  type Floats,
  floats,
  type Needs,
  type Random,
  type Tap,
} from "@frugal/tensor";
import { between } from "./rules.js";

export interface MadeUpHead {
  readonly positions: Int32Array;
  readonly logWeights: Float32Array | null;
  readonly isProtected: readonly boolean[];
}

export interface MadeUpCache {
  readonly view: CacheView;
  /** [layer][head] */
  readonly heads: readonly (readonly MadeUpHead[])[];
  readonly queryHeadCount: number;
}

const HEAD_WIDTH = 8;

/** @param options.even all heads of a layer have the same length */
export function madeUpCache(
  random: Random,
  options: { readonly even: boolean; readonly longest?: number },
): MadeUpCache {
  const kvHeadCount = between(random, 1, 3);
  const layerCount = between(random, 1, 3);
  const most = options.longest ?? 40;
  const heads = Array.from({ length: layerCount }, () => {
    const common = between(random, 1, most);
    return Array.from({ length: kvHeadCount }, () =>
      madeUpHead(random, options.even ? common : between(random, 1, most)),
    );
  });
  const queryHeadCount = kvHeadCount * between(random, 1, 3);
  return { heads, queryHeadCount, view: viewOf(heads, queryHeadCount, random.next()) };
}

function madeUpHead(random: Random, length: number): MadeUpHead {
  const isWeighted = random.next() < 0.3;
  const sinks = between(random, 0, 2);
  const recent = between(random, 0, 4);
  let position = 0;
  return {
    positions: Int32Array.from({ length }, () => (position += between(random, 1, 3))),
    logWeights: isWeighted ? Float32Array.from({ length }, () => random.next()) : null,
    isProtected: Array.from({ length }, (_, i) => i < sinks || i >= length - recent),
  };
}

/** The cache after only `kept` slots of each head stayed. */
export function keptOf(cache: MadeUpCache, kept: readonly (readonly Uint32Array[])[]): MadeUpCache {
  const heads = cache.heads.map((layer, l) =>
    layer.map((head, g): MadeUpHead => {
      const slots = kept[l]![g]!;
      return {
        positions: Int32Array.from(slots, (slot) => head.positions[slot]!),
        logWeights: head.logWeights && Float32Array.from(slots, (slot) => head.logWeights![slot]!),
        isProtected: Array.from(slots, (slot) => head.isProtected[slot]!),
      };
    }),
  );
  return { ...cache, heads, view: viewOf(heads, cache.queryHeadCount, 0.5) };
}

function viewOf(
  heads: readonly (readonly MadeUpHead[])[],
  queryHeadCount: number,
  salt: number,
): CacheView {
  const kvHeadCount = heads[0]!.length;
  const layout: CacheLayout = {
    model: {
      decoder: {
        layerCount: heads.length,
        queryHeadCount,
        kvHeadCount,
        headWidth: HEAD_WIDTH,
        width: queryHeadCount * HEAD_WIDTH,
        vocabularySize: 64,
      },
    },
    layers: heads.map(() => ({ kind: "attention", kvHeadCount, headWidth: HEAD_WIDTH })),
  };
  const vectors = (layer: number, head: number, phase: number): Promise<Floats> => {
    const { length } = heads[layer]![head]!.positions;
    const data = Float32Array.from({ length: length * HEAD_WIDTH }, (_, i) =>
      Math.sin((i + 1) * (salt + phase) + layer + head),
    );
    return Promise.resolve(floats([length, HEAD_WIDTH], data));
  };
  return {
    layout,
    length: (layer, head) => heads[layer]![head]!.positions.length,
    positions: (layer, head) => heads[layer]![head]!.positions,
    logWeights: (layer, head) => heads[layer]![head]!.logWeights,
    isProtected: (layer, head, slot) => heads[layer]![head]!.isProtected[slot]!,
    keys: (layer, head) => vectors(layer, head, 1),
    values: (layer, head) => vectors(layer, head, 2),
    byteLength: () => heads.flat().reduce((sum, { positions }) => sum + 64 * positions.length, 0),
  };
}

export type SignalKind = "plain" | "nan" | "zero" | "constant";

/** Every signal that the needs name, for one layer. CapabilityError for one this kit cannot make up. */
export function madeUpSignals(
  needs: Needs,
  layer: number,
  cache: MadeUpCache,
  random: Random,
  kind: SignalKind = "plain",
): Record<string, Floats> {
  return Object.fromEntries(
    Object.entries(needs).map(([name, tap]) => {
      const dims = dimsOf(tap, layer, cache);
      const size = dims.reduce((product, extent) => product * extent, 1);
      const data = Float32Array.from({ length: size }, (_, i) => numberOf(kind, random, i));
      if (kind === "plain" && tap.signal === "attention") normalise(data, dims.at(-1)!);
      return [name, floats(dims, data)];
    }),
  );
}

function numberOf(kind: SignalKind, random: Random, index: number): number {
  if (kind === "zero") return 0;
  if (kind === "constant") return 0.25;
  const value = random.next();
  return kind === "nan" && index % 3 === 0 ? Number.NaN : value;
}

function normalise(data: Float32Array, columns: number): void {
  for (let row = 0; row < data.length; row += columns) {
    let sum = 0;
    for (let t = 0; t < columns; t++) sum += data[row + t]!;
    for (let t = 0; t < columns; t++) data[row + t]! /= sum;
  }
}

function dimsOf(tap: Tap, layer: number, { heads, queryHeadCount }: MadeUpCache): number[] {
  const lengths = heads[layer]!.map(({ positions }) => positions.length);
  const longest = Math.max(...lengths);
  const rows = rowsOf(tap, longest);
  switch (tap.signal) {
    case "attention":
    case "attentionLogits":
      return [queryHeadCount, rows, longest];
    case "columnMass":
      return [queryHeadCount, longest];
    case "logSumExp":
    case "rowMaximum":
      return [queryHeadCount, rows];
    case "query":
    case "queryBeforeRope":
    case "headOutput":
      return [queryHeadCount, rows, HEAD_WIDTH];
    case "key":
    case "value":
    case "keyBeforeRope":
      return [lengths.length, rows, HEAD_WIDTH];
    case "hidden":
    case "attentionInput":
    case "attentionOutput":
      return [rows, queryHeadCount * HEAD_WIDTH];
    default:
      throw new CapabilityError("scorerRules", [`signal ${tap.signal}`]);
  }
}

function rowsOf({ rows }: Tap, longest: number): number {
  if (rows === "last") return 1;
  if (typeof rows === "object" && "last" in rows) return Math.min(rows.last, longest);
  return longest;
}
