/**
 * A back end under test beside the reference: the same memory, the same calls, results compared.
 *
 * State    owns every tensor, weight and run it made; `close` disposes them and asks for every byte back
 * Errors   ConformanceError naming rule, seed and case
 */
import type { Backend, Weight, WeightFormat } from "../../backend.js";
import { ConformanceError } from "../../errors/index.js";
import type { KvFormat, KvRun } from "../../kv/types.js";
import { createRandom, normal } from "../../random.js";
import { floats, type Tensor, tensorFrom } from "../../tensor.js";
import type { Random } from "../../types.js";
import { type Bound, bitDifference, difference } from "../compare.js";

/** The same thing on the back end under test and on the reference. */
export interface Twin<T> {
  readonly subject: T;
  readonly truth: T;
}

export type Pick = <T>(twin: Twin<T>) => T;
type Act<R> = (backend: Backend, pick: Pick) => R;

/** What outputs hold before a call: rows behind the call's must keep it. */
export const UNTOUCHED = 7;

interface Disposable {
  dispose(): void;
}

export interface TrialOptions {
  readonly rule: string;
  readonly seed: number;
}

export class Trial {
  readonly subject: Backend;
  readonly truth: Backend;
  readonly random: Random;
  readonly #options: TrialOptions;
  #owned: Disposable[] = [];
  #case = "";

  constructor(subject: Backend, truth: Backend, options: TrialOptions) {
    this.subject = subject;
    this.truth = truth;
    this.random = createRandom(options.seed).fork(options.rule);
    this.#options = options;
  }

  /** Names the case at hand, for the message. */
  at(name: string): void {
    this.#case = name;
  }

  fail(detail: string): never {
    const { rule, seed } = this.#options;
    const place = this.#case ? `seed ${seed}, ${this.#case}` : `seed ${seed}`;
    throw new ConformanceError(this.subject.name, rule, place, detail);
  }

  require(holds: boolean, detail: string): void {
    if (!holds) this.fail(detail);
  }

  /** Normal numbers. */
  numbers(count: number, spread = 1): Float32Array {
    return Float32Array.from({ length: count }, () => spread * normal(this.random));
  }

  /** An integer of least..most. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.random.next() * (most - least + 1));
  }

  own<T extends Disposable>(thing: T): T {
    this.#owned.push(thing);
    return thing;
  }

  both<T>(act: Act<T>): Twin<T> {
    return {
      subject: act(this.subject, (twin) => twin.subject),
      truth: act(this.truth, (twin) => twin.truth),
    };
  }

  /** A twin whose halves the trial disposes. */
  made<T extends Disposable>(act: Act<T>): Twin<T> {
    return this.both((backend, pick) => this.own(act(backend, pick)));
  }

  upload(dims: readonly number[], data: Float32Array): Twin<Tensor> {
    return this.made((backend) => backend.upload(floats(dims, data)));
  }

  /** Outputs that hold `UNTOUCHED` everywhere. */
  output(dims: readonly number[], type: "float32" | "int32" = "float32"): Twin<Tensor> {
    return this.made((backend) => {
      const tensor = backend.empty(dims, type);
      const array = type === "int32" ? Int32Array : Float32Array;
      backend.write(tensor, new array(tensor.size).fill(UNTOUCHED));
      return tensor;
    });
  }

  weight(
    dims: readonly [number, number],
    matrix: Float32Array,
    options: { readonly bias?: Float32Array | null; readonly format?: WeightFormat } = {},
  ): Twin<Weight> {
    const { bias, format = "f32" } = options;
    return this.made((backend) =>
      backend.weight(floats(dims, matrix), {
        format,
        ...(bias ? { bias: tensorFrom(bias, [bias.length]) } : {}),
      }),
    );
  }

  run(headWidth: number, format: KvFormat): Twin<KvRun> {
    return this.made((backend) => backend.kv.create({ headWidth, format }));
  }

  /** Runs an operation on both sides into fresh outputs and compares all of them, also what it should not touch. */
  async operation(
    dims: readonly number[],
    floor: number,
    act: (backend: Backend, pick: Pick, out: Tensor) => void,
    plain: (out: Float32Array) => void,
  ): Promise<void> {
    const out = this.output(dims);
    this.both((backend, pick) => act(backend, pick, pick(out)));
    const rough = new Float32Array(out.truth.size).fill(UNTOUCHED);
    plain(rough);
    await this.agrees(out, { plain: rough, floor });
  }

  async agrees(out: Twin<Tensor>, bound: Bound): Promise<void> {
    const [got, truth] = await this.readBoth(out);
    const wrong = difference(got, truth, bound);
    if (wrong !== null) this.fail(wrong);
  }

  async same(out: Twin<Tensor>): Promise<void> {
    const [got, truth] = await this.readBoth(out);
    const wrong = bitDifference(got, truth);
    if (wrong !== null) this.fail(wrong);
  }

  async readBoth(out: Twin<Tensor>) {
    return [await this.subject.read(out.subject), await this.truth.read(out.truth)] as const;
  }

  close(): void {
    for (const thing of this.#owned.splice(0)) thing.dispose();
    const { allocatedBytes } = this.subject.report();
    this.at("");
    if (allocatedBytes !== 0) this.fail(`${allocatedBytes} bytes are left after disposing all`);
    if (this.subject.kv.byteLength() !== 0) this.fail("pages are left after disposing all");
    this.subject.dispose();
    this.truth.dispose();
  }
}
