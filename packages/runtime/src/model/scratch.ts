/**
 * Tensors that every step of a model reuses: made for the largest step so far, never per token.
 *
 * State    owned by the model that made it; `dispose` frees all
 */
import type { Backend, Tensor } from "@frugal/tensor";

/** Rows the first allocation holds; a prefill chunk is at most this long. */
export const STARTING_ROWS = 256;

export class Scratch {
  readonly #backend: Backend;
  readonly #widths: Readonly<Record<string, number>>;
  #tensors: Record<string, Tensor> = {};
  #rows = 0;

  /** `widths`: elements a row of each tensor, by name. */
  constructor(backend: Backend, widths: Readonly<Record<string, number>>) {
    this.#backend = backend;
    this.#widths = widths;
  }

  /** Grows to hold `rows`; contents are lost when it grows. */
  ensure(rows: number): void {
    if (rows <= this.#rows) return;
    this.dispose();
    this.#rows = Math.max(rows, STARTING_ROWS);
    for (const [name, width] of Object.entries(this.#widths)) {
      this.#tensors[name] = this.#backend.empty([this.#rows, width]);
    }
  }

  get(name: string): Tensor {
    return this.#tensors[name] as Tensor;
  }

  dispose(): void {
    for (const tensor of Object.values(this.#tensors)) tensor.dispose();
    this.#tensors = {};
    this.#rows = 0;
  }
}
