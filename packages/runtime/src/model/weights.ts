/**
 * Takes tensors out of a checkpoint by name and puts them on a back end.
 *
 * Errors   FormatError for a tensor that is absent or has another shape
 */
import {
  type Backend,
  FormatError,
  type Tensor,
  type TensorLike,
  type Weight,
  type WeightFormat,
} from "@frugal/tensor";

/** A checkpoint's tensors by name; bfloat16 has been widened. */
export type Checkpoint = ReadonlyMap<string, TensorLike>;

export class WeightReader {
  readonly #checkpoint: Checkpoint;
  readonly #prefix: string;
  readonly backend: Backend;
  readonly #format: WeightFormat;

  constructor(backend: Backend, checkpoint: Checkpoint, format: WeightFormat, prefix = "") {
    this.backend = backend;
    this.#checkpoint = checkpoint;
    this.#format = format;
    this.#prefix = prefix;
  }

  /** A reader of the names below `prefix`: the first of the candidates that has any tensor. */
  under(...candidates: readonly string[]): WeightReader {
    for (const candidate of candidates) {
      const prefix = this.#prefix + candidate;
      for (const name of this.#checkpoint.keys()) {
        if (name.startsWith(prefix)) {
          return new WeightReader(this.backend, this.#checkpoint, this.#format, prefix);
        }
      }
    }
    throw new FormatError(
      "checkpoint",
      `no tensor under ${candidates.map((c) => this.#prefix + c).join(" or ")}`,
    );
  }

  has(name: string): boolean {
    return this.#checkpoint.has(this.#prefix + name);
  }

  /** The tensor as it is stored, after its shape was checked. */
  raw(name: string, dims: readonly number[]): TensorLike {
    const full = this.#prefix + name;
    const found = this.#checkpoint.get(full);
    if (!found) throw new FormatError("checkpoint", `tensor ${full} is absent`);
    if (found.dims.length !== dims.length || found.dims.some((d, i) => d !== dims[i])) {
      throw new FormatError(
        "checkpoint",
        `tensor ${full} is [${found.dims}], the config wants [${dims}]`,
      );
    }
    return found;
  }

  /** f32 on the back end, e.g. a norm's gain. */
  tensor(name: string, dims: readonly number[]): Tensor {
    return this.backend.upload(this.raw(name, dims));
  }

  /** `NAME.weight` [outputs, inputs] with `NAME.bias` where there is one. */
  linear(
    name: string,
    outputs: number,
    inputs: number,
    hasBias = this.has(`${name}.bias`),
  ): Weight {
    const matrix = this.raw(`${name}.weight`, [outputs, inputs]);
    const bias = hasBias ? { bias: this.raw(`${name}.bias`, [outputs]) } : {};
    return this.backend.weight(matrix, { ...bias, format: this.#format });
  }

  /** A table that is read by row (embeddings): always f32. */
  table(name: string, rows: number, width: number): Weight {
    return this.backend.weight(this.raw(`${name}.weight`, [rows, width]));
  }
}
