/** What the CPU knows of a run's slots: positions and log weights, in arrays that grow by doubling. */
export class RunBooks {
  #length = 0;
  #positions = new Int32Array(0);
  /** Absent while every weight is 0. */
  #weights: Float32Array | null = null;
  #weightedCount = 0;
  #positionView: Int32Array | null = null;
  #weightView: Float32Array | null = null;

  get length(): number {
    return this.#length;
  }

  get positions(): Int32Array {
    this.#positionView ??= this.#positions.subarray(0, this.#length);
    return this.#positionView;
  }

  get logWeights(): Float32Array | null {
    if (this.#weights === null || this.#weightedCount === 0) return null;
    this.#weightView ??= this.#weights.subarray(0, this.#length);
    return this.#weightView;
  }

  copy(): RunBooks {
    const copy = new RunBooks();
    copy.append(this.positions, 0, this.#length, this.logWeights);
    return copy;
  }

  /** Room for `length` slots, so that nothing can fail between the pages' change and the books'. */
  reserve(length: number): void {
    if (this.#positions.length >= length) return;
    const room = Math.max(length, 2 * this.#positions.length, 32);
    this.#positions = grown(this.#positions, new Int32Array(room));
    if (this.#weights !== null) this.#weights = grown(this.#weights, new Float32Array(room));
    this.#stale();
  }

  append(
    positions: Int32Array,
    first: number,
    count: number,
    weights: Float32Array | null = null,
  ): void {
    const start = this.#length;
    this.reserve(start + count);
    for (let i = 0; i < count; i++) this.#positions[start + i] = positions[first + i]!;
    this.#length += count;
    this.#stale();
    if (weights === null) this.#weights?.fill(0, start, this.#length);
    else for (let i = 0; i < count; i++) this.#setWeight(start + i, weights[first + i]!, 0);
  }

  truncate(length: number): void {
    if (this.#weights !== null) {
      for (let i = length; i < this.#length; i++) {
        if (this.#weights[i] !== 0) this.#weightedCount--;
      }
    }
    this.#length = length;
    this.#stale();
  }

  keep(first: number, kept: Uint32Array): void {
    const weights = this.#weights;
    for (let i = 0; i < kept.length; i++) {
      this.#positions[first + i] = this.#positions[kept[i]!]!;
      if (weights !== null) this.#setWeight(first + i, weights[kept[i]!]!, weights[first + i]!);
    }
    this.truncate(first + kept.length);
  }

  move(positions: Int32Array): void {
    this.#positions.set(positions);
  }

  #setWeight(slot: number, weight: number, before: number): void {
    if (this.#weights === null) {
      if (weight === 0) return;
      this.#weights = new Float32Array(this.#positions.length);
    }
    this.#weights[slot] = weight;
    if (weight !== 0) this.#weightedCount++;
    if (before !== 0) this.#weightedCount--;
  }

  #stale(): void {
    this.#positionView = null;
    this.#weightView = null;
  }
}

function grown<A extends Int32Array | Float32Array>(old: A, longer: A): A {
  longer.set(old as never);
  return longer;
}
