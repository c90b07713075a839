/**
 * Hands out ranges of one wasm memory and takes them back.
 *
 * Units    bytes; ranges begin at multiples of 16 and are multiples of 16 long
 * Cost     O(1) a call: free ranges lie in bins by size and are found by either end, so neighbours join at once
 * State    grows the memory when nothing fits; `bytes`, `floats`, `ints` are replaced when it has grown
 * Errors   DeviceError when the memory may not or cannot grow
 */
import { DeviceError } from "@frugal/tensor/errors";

const PAGE_BYTES = 65536;
/** Offset 0 stays unused, so that 0 can stand for "none". */
const FIRST_BYTE = 1024;
/** wasm32 addresses end here. */
const LARGEST_MEMORY = 4294967296 - PAGE_BYTES;
/** Grows by at least a quarter, up to this much at once. */
const LARGEST_STEP = 67108864;
/** Free ranges of one bin that a search looks at before it goes on to the next, where all fit. */
const TRIES = 8;

export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly maxBytes: number;
  bytes!: Uint8Array;
  floats!: Float32Array;
  ints!: Int32Array;
  /** Of ranges in use, each rounded up to 16. */
  usedBytes = 0;
  readonly #sizes = new Map<number, number>();
  readonly #starts = new Map<number, number>();
  readonly #bins: Set<number>[] = Array.from({ length: 32 * 4 }, () => new Set());

  constructor(memory: WebAssembly.Memory, maxBytes: number = LARGEST_MEMORY) {
    this.memory = memory;
    this.maxBytes = Math.min(maxBytes, LARGEST_MEMORY);
    this.#derive();
    this.#insert(FIRST_BYTE, this.bytes.length - FIRST_BYTE);
  }

  allocate(byteLength: number): number {
    const size = roundUp(byteLength);
    if (size === 0) return FIRST_BYTE;
    if (!(size <= this.maxBytes)) throw this.#exhausted(size);
    let start = this.#take(size);
    if (start < 0) {
      this.#grow(size);
      start = this.#take(size);
    }
    this.usedBytes += size;
    return start;
  }

  release(start: number, byteLength: number): void {
    const size = roundUp(byteLength);
    this.usedBytes -= size;
    this.#insert(start, size);
  }

  #take(size: number): number {
    const first = binOf(size);
    let tries = TRIES;
    for (const start of this.#bins[first]!) {
      if (this.#sizes.get(start)! >= size) return this.#split(start, size);
      if (--tries === 0) break;
    }
    for (let bin = first + 1; bin < this.#bins.length; bin++) {
      for (const start of this.#bins[bin]!) return this.#split(start, size);
    }
    return -1;
  }

  #split(start: number, size: number): number {
    const whole = this.#remove(start);
    if (whole > size) this.#insert(start + size, whole - size);
    return start;
  }

  #insert(start: number, size: number): void {
    if (size === 0) return;
    let first = start;
    let last = start + size;
    const before = this.#starts.get(start);
    if (before !== undefined) {
      this.#remove(before);
      first = before;
    }
    if (this.#sizes.has(last)) last += this.#remove(last);
    this.#sizes.set(first, last - first);
    this.#starts.set(last, first);
    this.#bins[binOf(last - first)]!.add(first);
  }

  #remove(start: number): number {
    const size = this.#sizes.get(start)!;
    this.#sizes.delete(start);
    this.#starts.delete(start + size);
    this.#bins[binOf(size)]!.delete(start);
    return size;
  }

  #grow(size: number): void {
    const now = this.bytes.length;
    const atEnd = this.#starts.get(now);
    const missing = size - (atEnd === undefined ? 0 : now - atEnd);
    const least = Math.ceil(missing / PAGE_BYTES) * PAGE_BYTES;
    if (!(now + least <= this.maxBytes)) throw this.#exhausted(size);
    const step = Math.min(LARGEST_STEP, Math.floor(now / 4 / PAGE_BYTES) * PAGE_BYTES);
    const wanted = Math.min(Math.max(least, step), this.maxBytes - now);
    const added = this.#tryGrow(Math.floor(wanted / PAGE_BYTES), least / PAGE_BYTES) * PAGE_BYTES;
    this.#derive();
    this.#insert(now, added);
  }

  #exhausted(size: number): DeviceError {
    const books = `${this.usedBytes} in use, at most ${this.maxBytes} allowed`;
    return new DeviceError("wasm memory", `${size} bytes asked for, ${books}`);
  }

  #tryGrow(wanted: number, least: number): number {
    for (const pages of [wanted, least]) {
      try {
        this.memory.grow(pages);
        return pages;
      } catch (cause) {
        if (pages === least) {
          throw new DeviceError("wasm memory", `cannot grow by ${least * PAGE_BYTES} bytes`, cause);
        }
      }
    }
    return 0;
  }

  #derive(): void {
    const { buffer } = this.memory;
    this.bytes = new Uint8Array(buffer);
    this.floats = new Float32Array(buffer);
    this.ints = new Int32Array(buffer);
  }
}

const roundUp = (byteLength: number): number => Math.ceil(byteLength / 16) * 16;

/** Four bins for every doubling. */
function binOf(size: number): number {
  const top = 31 - Math.clz32(size);
  return top * 4 + ((size >>> (top - 2)) & 3);
}
