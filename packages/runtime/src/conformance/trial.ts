/**
 * What the rules share: seeded tokens, caches that are freed at the end, and the comparison of two results.
 *
 * Shapes   logits and hidden states are compared as [rows, width]
 * State    a trial disposes every cache it handed out
 * Errors   CapabilityError for a model without a decoder
 */
import type { Cache } from "@frugal/kv-cache";
import {
  type Backend,
  CapabilityError,
  type Floats,
  type KvMemory,
  type MaybePromise,
  type ModelShape,
  type Random,
} from "@frugal/tensor";
import type { Model, StepInput, StepRows } from "../types.js";

/** A model that the kit can drive: `LanguageModel` is one. */
export interface SteppingModel extends Model {
  readonly backend: Pick<Backend, "rowInvariant"> & {
    readonly kv: Pick<KvMemory, "byteLength">;
  };
  newCache(): Cache;
}

/** What a rule finds wrong, in a few words; null: nothing. */
export type Finding = string | null;
export type Check = (trial: Trial) => MaybePromise<Finding>;

/** Of the largest value: what back ends that are not row invariant may differ by. */
const TOLERANCE = 1e-3;

export class Trial {
  readonly model: SteppingModel;
  readonly decoder: NonNullable<ModelShape["decoder"]>;
  readonly #random: Random;
  readonly #caches: Cache[] = [];

  constructor(model: SteppingModel, random: Random) {
    const { decoder } = model.shape;
    if (!decoder) throw new CapabilityError(model.name, ["a decoder: the rules step through one"]);
    this.model = model;
    this.decoder = decoder;
    this.#random = random;
  }

  cache(): Cache {
    return this.keep(this.model.newCache());
  }

  keep(cache: Cache): Cache {
    this.#caches.push(cache);
    return cache;
  }

  below(count: number): number {
    return Math.floor(this.#random.next() * count);
  }

  tokens(count: number): Uint32Array {
    return Uint32Array.from({ length: count }, () => this.below(this.decoder.vocabularySize));
  }

  /** Logits [rows, V] of one cache's rows. */
  async logits(
    rows: StepRows,
    asked: "last" | "all" = "all",
    more: Partial<StepInput> = {},
  ): Promise<Floats> {
    const { logits } = await this.model.step({ rows: [rows], logits: asked, ...more });
    return logits[0] as Floats;
  }

  /** Bit for bit where the back end says that a row depends on no other row; otherwise to a tolerance. */
  differ(what: string, got: Floats | undefined, wanted: Floats | undefined): Finding {
    return this.model.backend.rowInvariant
      ? differing(what, got, wanted, 0)
      : differing(what, got, wanted, TOLERANCE);
  }

  dispose(): void {
    for (const cache of this.#caches) cache.dispose();
    this.#caches.length = 0;
  }
}

export function differing(
  what: string,
  got: Floats | undefined,
  wanted: Floats | undefined,
  tolerance: number,
): Finding {
  if (!got || !wanted) return `${what}: nothing came back`;
  if (got.dims.join() !== wanted.dims.join()) return `${what}: [${got.dims}], not [${wanted.dims}]`;
  let largest = 1;
  for (const value of wanted.data) largest = Math.max(largest, Math.abs(value));
  for (let i = 0; i < wanted.data.length; i++) {
    const [a, b] = [got.data[i] as number, wanted.data[i] as number];
    if (Number.isNaN(a) || Number.isNaN(b)) return `${what}: element ${i} is not a number`;
    if (a === b || Math.abs(a - b) <= tolerance * largest) continue;
    return `${what}: element ${i} is ${a}, not ${b}`;
  }
  return null;
}

/** Rows `first .. first + count` of [R, width]. */
export function rowsOf({ dims, data }: Floats, first: number, count: number): Floats {
  const width = dims[1] as number;
  const own = data.slice(first * width, (first + count) * width);
  return { type: "float32", location: "cpu", dims: [count, width], data: own };
}

export async function firstFinding(
  checks: Iterable<() => MaybePromise<Finding>>,
): Promise<Finding> {
  for (const check of checks) {
    const finding = await check();
    if (finding) return finding;
  }
  return null;
}
