/** One fault in a right back end, and the rule that is there to find it. */
import type { Backend } from "../../src/backend.js";
import type { KvMemory, KvRun } from "../../src/kv/types.js";
import type { Tensor } from "../../src/tensor.js";

export type Fault = readonly [
  rule: string,
  what: string,
  breakIt: (right: Backend) => Partial<Backend>,
];

export const dataOf = (tensor: Tensor): Float32Array => tensor.data as Float32Array;

/** Runs the right operation, then spoils its output. */
export const spoilt =
  <A extends unknown[]>(right: (...call: A) => void, spoil: (...call: A) => void) =>
  (...call: A): void => {
    right(...call);
    spoil(...call);
  };

export const nudge = (out: Tensor, index = 0, by = 1e-4): void => {
  if (out.size > index) dataOf(out)[index]! += by;
};

/** Moves every number by its last bit. */
export const lastBits = (out: Tensor, count = out.size): void => {
  for (let i = 0; i < count; i++) dataOf(out)[i]! *= 1 + 2 ** -23;
};

export function memory(
  right: Backend,
  change: (kv: KvMemory) => Partial<KvMemory>,
): Partial<Backend> {
  return { kv: { ...right.kv, ...change(right.kv) } };
}

/** A run whose methods can be replaced, the rest passed on to the right one. */
export function changedRun(run: KvRun, change: Partial<KvRun>): KvRun {
  return new Proxy(run, {
    get(target, name) {
      if (name in change) return change[name as keyof KvRun];
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
