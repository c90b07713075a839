/** A list of int32 that grows by doubling; `view` is stale after the next change. */
export class IntList {
  #data: Int32Array;
  #length = 0;
  #view: Int32Array | null = null;

  constructor(room = 32) {
    this.#data = new Int32Array(room);
  }

  get length(): number {
    return this.#length;
  }

  get view(): Int32Array {
    this.#view ??= this.#data.subarray(0, this.#length);
    return this.#view;
  }

  at(index: number): number {
    return this.#data[index]!;
  }

  set(index: number, value: number): void {
    this.#data[index] = value;
  }

  /** 0 when empty. */
  get last(): number {
    return this.#length === 0 ? 0 : this.#data[this.#length - 1]!;
  }

  push(value: number): void {
    if (this.#length === this.#data.length) this.#grow(this.#length + 1);
    this.#data[this.#length++] = value;
    this.#view = null;
  }

  truncate(length: number): void {
    if (length >= this.#length) return;
    this.#length = length;
    this.#view = null;
  }

  replace(values: ArrayLike<number>): void {
    this.#length = 0;
    if (values.length > this.#data.length) this.#grow(values.length);
    this.#data.set(values);
    this.#length = values.length;
    this.#view = null;
  }

  copy(): IntList {
    const copy = new IntList(Math.max(32, this.#length));
    copy.replace(this.view);
    return copy;
  }

  #grow(needed: number): void {
    const longer = new Int32Array(Math.max(needed, 2 * this.#data.length));
    longer.set(this.#data.subarray(0, this.#length));
    this.#data = longer;
  }
}
