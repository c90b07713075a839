/**
 * A row of `linear` and of `attention` does not depend on the rows beside it, bit for bit, where a back end says so.
 *
 * Needs    repeated small calls before the comparison, so that both the first and the optimized code of a host are met
 */
import type { AttentionMask, Backend, WeightFormat } from "../../backend.js";
import type { KvFormat, KvRun } from "../../kv/types.js";
import { floats } from "../../tensor.js";
import { bitDifference } from "../compare.js";
import type { Claims } from "./claims.js";
import type { Trial } from "./trial.js";

const WARM_UP = 300;
const HEADS = 4;
const KV_HEADS = 2;
const WIDTH = 20;
/** Root, two branches, a deep one: paths have gaps between their slots. */
const PARENTS = [-1, 0, 0, 1, 2, 3, 2, 5, 7] as const;

export const INVARIANCE_RULES: Claims = {
  "a row of linear has the same bits among any other rows": async (t) => {
    if (!t.subject.rowInvariant) return;
    for (const format of t.subject.weightFormats) {
      for (const [outputs, inputs] of [
        [5, 3],
        [33, 100],
        [64, 64],
        [130, 257],
      ] as const) {
        t.at(`${format} [${outputs}, ${inputs}]`);
        await linearRows(t, outputs, inputs, format);
      }
    }
  },

  "a row of attention has the same bits in any chunk": async (t) => {
    if (!t.subject.rowInvariant) return;
    for (const format of t.subject.kv.formats) {
      for (const cached of [0, 31, 32, 45, 100]) {
        t.at(`${format}, ${cached} cached slots`);
        const rows = 13;
        const steps = new Steps(t, rows);
        const whole = await steps.chunks(format, cached, [rows]);
        for (const sizes of [new Array<number>(rows).fill(1), [4, 4, 4, 1], [2, 3, 8], [7, 6]]) {
          const pieces = await steps.chunks(format, cached, sizes);
          const wrong = bitDifference(pieces, whole);
          if (wrong !== null) t.fail(`chunks of ${sizes.join(", ")}: ${wrong}`);
        }
      }
    }
  },

  "a path of a tree has the bits of the same tokens in a row": async (t) => {
    if (!t.subject.rowInvariant) return;
    for (const format of t.subject.kv.formats) {
      for (const cached of [0, 30, 61]) {
        t.at(`${format}, ${cached} cached slots`);
        const steps = new Steps(t, PARENTS.length);
        const tree = await steps.tree(format, cached);
        for (let node = 0; node < PARENTS.length; node++) {
          const path = pathTo(node);
          const chain = await steps.path(format, cached, path);
          const wrong = bitDifference(
            tree.subarray(node * HEADS * WIDTH, (node + 1) * HEADS * WIDTH),
            chain.subarray((path.length - 1) * HEADS * WIDTH),
          );
          if (wrong !== null) t.fail(`node ${node} behind ${path.join(", ")}: ${wrong}`);
        }
      }
    }
  },
};

async function linearRows(
  t: Trial,
  outputs: number,
  inputs: number,
  format: WeightFormat,
): Promise<void> {
  const rows = 19;
  const backend = t.subject;
  const options = { format, bias: floats([outputs], t.numbers(outputs)) };
  const matrix = floats([outputs, inputs], t.numbers(outputs * inputs));
  const weight = t.own(backend.weight(matrix, options));
  const data = t.numbers(rows * inputs);
  const input = t.own(backend.empty([rows, inputs]));
  const out = t.own(backend.empty([rows, outputs]));
  const compute = async (first: number, count: number): Promise<Float32Array> => {
    backend.write(input, data.subarray(first * inputs, (first + count) * inputs));
    backend.linear(input, weight, out, count);
    return (await backend.read(out, 0, count * outputs)) as Float32Array;
  };
  const check = async (whole: Float32Array): Promise<void> => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 16]) {
      for (let first = 0; first + count <= rows; first += count) {
        const wanted = whole.subarray(first * outputs, (first + count) * outputs);
        const wrong = bitDifference(await compute(first, count), wanted);
        if (wrong !== null) t.fail(`rows ${first}..${first + count}: ${wrong}`);
      }
    }
  };
  const early = await compute(0, rows);
  await check(early);
  for (let i = 0; i < WARM_UP; i++) backend.linear(input, weight, out, 1 + (i % rows));
  await check(early);
}

/** Fixed tokens, run through the cache of the back end under test in one way or another. */
class Steps {
  readonly #t: Trial;
  readonly #rows: number;
  readonly #query: Float32Array;
  readonly #keys: Float32Array;
  readonly #values: Float32Array;
  readonly #cached: Map<string, KvRun[]> = new Map();

  constructor(t: Trial, rows: number) {
    this.#t = t;
    this.#rows = rows;
    this.#query = t.numbers(rows * HEADS * WIDTH);
    this.#keys = t.numbers(rows * KV_HEADS * WIDTH);
    this.#values = t.numbers(rows * KV_HEADS * WIDTH);
  }

  async chunks(format: KvFormat, cached: number, sizes: readonly number[]): Promise<Float32Array> {
    const runs = this.#prefix(format, cached);
    const out = new Float32Array(this.#query.length);
    let first = 0;
    for (const size of sizes) {
      const tokens = Array.from({ length: size }, (_, i) => first + i);
      out.set(await this.#step(runs, tokens, { kind: "causal" }), first * HEADS * WIDTH);
      first += size;
    }
    for (const run of runs) run.dispose();
    return out;
  }

  async tree(format: KvFormat, cached: number): Promise<Float32Array> {
    const runs = this.#prefix(format, cached);
    const tokens = Array.from({ length: this.#rows }, (_, i) => i);
    const mask = { kind: "tree", parents: Int32Array.from(PARENTS) } as const;
    const out = await this.#step(runs, tokens, mask);
    for (const run of runs) run.dispose();
    return out;
  }

  async path(format: KvFormat, cached: number, tokens: readonly number[]): Promise<Float32Array> {
    const runs = this.#prefix(format, cached);
    const out = await this.#step(runs, tokens, { kind: "causal" });
    for (const run of runs) run.dispose();
    return out;
  }

  async #step(
    runs: readonly KvRun[],
    tokens: readonly number[],
    mask: AttentionMask,
  ): Promise<Float32Array> {
    const backend = this.#t.subject;
    const rows = tokens.length;
    const chosen = (all: Float32Array, width: number) =>
      backend.upload(
        floats(
          [rows, width],
          Float32Array.from({ length: rows * width }, (_, i) => {
            return all[tokens[Math.floor(i / width)]! * width + (i % width)]!;
          }),
        ),
      );
    const query = chosen(this.#query, HEADS * WIDTH);
    const keys = chosen(this.#keys, KV_HEADS * WIDTH);
    const values = chosen(this.#values, KV_HEADS * WIDTH);
    const out = backend.empty([rows, HEADS * WIDTH]);
    const positions = new Int32Array(rows);
    backend.kv.append({ runs, keys, values, firstRow: 0, rows, positions });
    const call = {
      query,
      firstRow: 0,
      rows,
      headCount: HEADS,
      headWidth: WIDTH,
      source: { kind: "runs", runs: runs.map((run) => [run]) },
      mask,
      scale: 1 / Math.sqrt(WIDTH),
    } as const;
    backend.attention(call, { out });
    const result = (await backend.read(out)) as Float32Array;
    for (const tensor of [query, keys, values, out]) tensor.dispose();
    return result;
  }

  /** Forks of one cached prefix. */
  #prefix(format: KvFormat, cached: number): KvRun[] {
    const t = this.#t;
    const name = `${format} ${cached}`;
    let runs = this.#cached.get(name);
    if (runs === undefined) {
      runs = prefixRuns(t, t.subject, format, cached);
      this.#cached.set(name, runs);
    }
    return runs.map((run) => run.fork());
  }
}

function prefixRuns(t: Trial, backend: Backend, format: KvFormat, cached: number): KvRun[] {
  const runs = Array.from({ length: KV_HEADS }, () =>
    t.own(backend.kv.create({ headWidth: WIDTH, format })),
  );
  const size = cached * KV_HEADS * WIDTH;
  const keys = t.own(backend.upload(floats([cached, KV_HEADS * WIDTH], t.numbers(size))));
  const values = t.own(backend.upload(floats([cached, KV_HEADS * WIDTH], t.numbers(size))));
  const positions = new Int32Array(cached);
  backend.kv.append({ runs, keys, values, firstRow: 0, rows: cached, positions });
  return runs;
}

function pathTo(node: number): number[] {
  const path: number[] = [];
  for (let at = node; at >= 0; at = PARENTS[at]!) path.unshift(at);
  return path;
}
