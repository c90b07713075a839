/** Ranges of a text, flat `[start, end, ...]`, in a buffer that grows by doubling. */
export class Spans {
  values = new Uint32Array(256);
  length = 0;

  clear(): void {
    if (this.values.length > 1 << 16) this.values = new Uint32Array(1 << 16);
    this.length = 0;
  }

  /** Empty ranges are left out. */
  add(start: number, end: number): void {
    if (start >= end) return;
    if (this.length + 2 > this.values.length) {
      const values = new Uint32Array(this.values.length * 2);
      values.set(this.values);
      this.values = values;
    }
    this.values[this.length++] = start;
    this.values[this.length++] = end;
  }
}
