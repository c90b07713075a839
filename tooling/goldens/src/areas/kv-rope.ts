/** Frequency tables, and keys that move: through the cache where slots are evicted, by turns where they only move. */
import { createCache, type RopeRotation } from "@frugal/kv-cache";
import {
  type Backend,
  floats,
  keepRows,
  type Rope,
  type RopeScaling,
  ropeAngles,
  ropeFrequencies,
} from "@frugal/tensor";
import {
  type Context,
  dimsOf,
  float32Of,
  type GoldenCase,
  type GoldenValue,
  MissingError,
  numberOf,
  numbersOf,
} from "../types.js";

export function ropeTable({ params, inputs }: GoldenCase): Record<string, unknown> {
  const rope = ropeOf(params);
  const half = rope.inverseFrequencies.length;
  const positions = numbersOf(inputs.positions);
  const angles = ropeAngles(rope, positions);
  // transformers repeats the half for the second half of the head.
  const repeated = (from: number) =>
    positions.map((_, row) => {
      const start = row * 2 * half + from;
      const own = angles.subarray(start, start + half);
      return [own, own];
    });
  return {
    inverseFrequencies: rope.inverseFrequencies,
    attentionScaling: rope.attentionScaling,
    cos: repeated(0),
    sin: repeated(half),
  };
}

export async function keyRotation(
  { params, inputs }: GoldenCase,
  { backend }: Context,
): Promise<Record<string, unknown>> {
  const rope = ropeOf(params);
  const rotation: RopeRotation = {
    angles: (_, deltas) => ropeAngles(rope, deltas, undefined, { scaled: false }),
  };
  const keys = floats(dimsOf(inputs.keys), float32Of(inputs.keys));
  const count = keys.dims[1] as number;
  if ("kept" in inputs) {
    const [, perHead] = dimsOf(inputs.kept) as [number, number];
    const kept = numbersOf(inputs.kept);
    const plans = Array.from({ length: keys.dims[0] as number }, (_, g) =>
      keepPlan(kept.slice(g * perHead, (g + 1) * perHead), count),
    );
    return { keys: await compacted(backend, rotation, keys, plans) };
  }
  if (!("from" in inputs)) throw new MissingError("key rotation of another kind");
  const [from, to] = [numbersOf(inputs.from), numbersOf(inputs.to)];
  return { keys: await moved(backend, rotation, keys, from, to) };
}

/** Keys at 0..N-1 in a cache; the plans evict and the cache moves what is left to 0..n-1. */
async function compacted(
  backend: Backend,
  rope: RopeRotation,
  keys: Keys,
  plans: readonly ReturnType<typeof keepPlan>[],
): Promise<Float32Array[]> {
  const [kvHeadCount, count, headWidth] = keys.dims as [number, number, number];
  const layout = {
    model: {},
    layers: [{ kind: "attention", kvHeadCount, headWidth } as const],
  };
  const cache = createCache({ backend, layout, rope });
  const rows = backend.upload(byToken(keys));
  cache.begin({ tokens: new Uint32Array(count) });
  const positions = Int32Array.from({ length: count }, (_, i) => i);
  cache.append(0, { keys: rows, values: rows, firstRow: 0, rows: count, positions });
  cache.apply(0, plans, { positions: "compact" });
  const heads: Float32Array[] = [];
  for (let g = 0; g < kvHeadCount; g++) heads.push((await cache.keys(0, g)).data);
  rows.dispose();
  cache.dispose();
  return heads;
}

async function moved(
  backend: Backend,
  rope: RopeRotation,
  keys: Keys,
  from: readonly number[],
  to: readonly number[],
): Promise<Float32Array[]> {
  const [kvHeadCount, rows, headWidth] = keys.dims as [number, number, number];
  const runs = Array.from({ length: kvHeadCount }, () =>
    backend.kv.create({ headWidth, format: "f32" }),
  );
  const uploaded = backend.upload(byToken(keys));
  const positions = Int32Array.from(from);
  backend.kv.append({ runs, keys: uploaded, values: uploaded, firstRow: 0, rows, positions });
  const deltas = Int32Array.from(to, (position, i) => position - (from[i] as number));
  const angles = rope.angles(0, deltas) as Float32Array;
  for (const run of runs) run.rotate(angles, Int32Array.from(to));
  const heads = await Promise.all(runs.map((run) => run.read("key")));
  uploaded.dispose();
  for (const run of runs) run.dispose();
  return heads;
}

type Keys = ReturnType<typeof floats>;

/** [G, T, D] -> [T, G * D] */
function byToken({ dims, data }: Keys): Keys {
  const [heads, count, width] = dims as [number, number, number];
  const rows = new Float32Array(data.length);
  for (let g = 0; g < heads; g++) {
    for (let t = 0; t < count; t++) {
      const from = (g * count + t) * width;
      rows.set(data.subarray(from, from + width), (t * heads + g) * width);
    }
  }
  return floats([count, heads * width], rows);
}

function keepPlan(kept: readonly number[], count: number) {
  const rows = keepRows(kept, count);
  return {
    keysFrom: rows,
    valuesFrom: rows,
    positions: Int32Array.from(kept),
    logWeights: null,
  };
}

function ropeOf(params: GoldenCase["params"]): Rope {
  return ropeFrequencies({
    theta: numberOf(params.theta),
    headWidth: numberOf(params.headDim),
    maxPositions: numberOf(params.maxPositions),
    scaling: scalingOf(params.scaling as Readonly<Record<string, GoldenValue>>),
  });
}

function scalingOf(given: Readonly<Record<string, GoldenValue>>): RopeScaling {
  const { ropeType: kind } = given;
  switch (kind) {
    case "default":
      return { kind };
    case "linear":
      return { kind, factor: numberOf(given.factor) };
    case "llama3":
      return {
        kind,
        factor: numberOf(given.factor),
        lowFrequencyFactor: numberOf(given.lowFreqFactor),
        highFrequencyFactor: numberOf(given.highFreqFactor),
        originalMaxPositions: numberOf(given.originalMaxPositionEmbeddings),
      };
    case "yarn":
      return {
        kind,
        factor: numberOf(given.factor),
        ...optional("originalMaxPositions", given.originalMaxPositionEmbeddings),
        ...optional("betaFast", given.betaFast),
        ...optional("betaSlow", given.betaSlow),
        ...optional("attentionFactor", given.attentionFactor),
        ...optional("mscale", given.mscale),
        ...optional("mscaleAllDim", given.mscaleAllDim),
        ...("truncate" in given ? { truncate: given.truncate === true } : {}),
      };
    default:
      throw new MissingError(`rope of kind ${String(kind)}`);
  }
}

function optional<K extends string>(name: K, value: GoldenValue | undefined) {
  const given = value === undefined || value === null ? {} : { [name]: numberOf(value) };
  return given as { readonly [key in K]?: number };
}
