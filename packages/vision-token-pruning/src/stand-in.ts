/** Stand-in for primitives of `@frugal/tensor`; deleted when they land. */
import {
  ArgumentError,
  type Budget,
  type Floats,
  type Random,
  type SparseRows,
} from "@frugal/tensor";

export function floats(dims: readonly number[], data: Float32Array): Floats {
  return { type: "float32", dims, location: "cpu", data };
}

export function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  if (rest !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

export function resolveBudget(total: number, budget: Budget): number {
  if ("tokens" in budget) {
    if (!Number.isInteger(budget.tokens) || budget.tokens < 0)
      throw new ArgumentError("resolveBudget", "tokens", "an integer of at least 0", budget.tokens);
    return Math.min(total, budget.tokens);
  }
  if ("keepRatio" in budget) {
    const { keepRatio } = budget;
    if (!(keepRatio >= 0 && keepRatio <= 1))
      throw new ArgumentError("resolveBudget", "keepRatio", "in 0..1", keepRatio);
    if (keepRatio === 0) return 0;
    return Math.min(total, Math.max(1, roundHalfEven(total * keepRatio)));
  }
  throw new ArgumentError("resolveBudget", "budget", "tokens or keepRatio", budget);
}

const above = (a: number, b: number): boolean => a > b || (Number.isNaN(b) && !Number.isNaN(a));

export function argmax(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (above(scores[i]!, scores[best]!)) best = i;
  return best;
}

export function topkIndices(scores: ArrayLike<number>, count: number): Uint32Array {
  const order = Array.from({ length: scores.length }, (_, i) => i);
  order.sort((a, b) =>
    above(scores[a]!, scores[b]!) ? -1 : above(scores[b]!, scores[a]!) ? 1 : a - b,
  );
  return Uint32Array.from(order.slice(0, count)).sort();
}

export function identityRows(count: number): SparseRows {
  return keepRows(
    Uint32Array.from({ length: count }, (_, i) => i),
    count,
  );
}

export function keepRows(kept: Uint32Array, sourceCount: number): SparseRows {
  return {
    rowCount: kept.length,
    sourceCount,
    starts: Uint32Array.from({ length: kept.length + 1 }, (_, i) => i),
    sources: kept.slice(),
    weights: new Float32Array(kept.length).fill(1),
  };
}

export function composeRows(outer: SparseRows, inner: SparseRows): SparseRows {
  const starts = [0];
  const sources: number[] = [];
  const weights: number[] = [];
  for (let r = 0; r < outer.rowCount; r++) {
    const row = new Map<number, number>();
    for (let i = outer.starts[r]!; i < outer.starts[r + 1]!; i++) {
      const m = outer.sources[i]!;
      for (let j = inner.starts[m]!; j < inner.starts[m + 1]!; j++) {
        const s = inner.sources[j]!;
        row.set(s, (row.get(s) ?? 0) + outer.weights[i]! * inner.weights[j]!);
      }
    }
    for (const [s, w] of [...row].sort((a, b) => a[0] - b[0])) {
      sources.push(s);
      weights.push(w);
    }
    starts.push(sources.length);
  }
  return {
    rowCount: outer.rowCount,
    sourceCount: inner.sourceCount,
    starts: Uint32Array.from(starts),
    sources: Uint32Array.from(sources),
    weights: Float32Array.from(weights),
  };
}

export function unitRows(rows: Floats): Floats {
  const [count, width] = rows.dims as [number, number];
  const data = new Float32Array(rows.data.length);
  for (let r = 0; r < count; r++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += rows.data[r * width + c]! ** 2;
    const scale = 1 / Math.max(Math.sqrt(sum), 1e-12);
    for (let c = 0; c < width; c++) data[r * width + c] = rows.data[r * width + c]! * scale;
  }
  return floats([count, width], data);
}

export function rowDot(a: Floats, i: number, b: Floats, j: number): number {
  const width = a.dims[1]!;
  let sum = 0;
  for (let c = 0; c < width; c++) sum += a.data[i * width + c]! * b.data[j * width + c]!;
  return sum;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
    fork(label) {
      let hash = seed >>> 0;
      for (const c of label) hash = (Math.imul(hash, 31) + c.charCodeAt(0)) >>> 0;
      return createRandom(hash);
    },
  };
}
