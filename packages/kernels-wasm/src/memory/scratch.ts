/**
 * Working memory of one kind of call, kept between calls and replaced by a larger one when a call needs more.
 *
 * State    its contents last until the next `need`
 * Errors   DeviceError when the arena is exhausted; the old range is then kept
 */
import type { Arena } from "./arena.js";

export class Scratch {
  readonly #arena: Arena;
  #start = 0;
  #byteLength = 0;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** Byte offset of at least that many bytes. */
  need(byteLength: number): number {
    if (byteLength <= this.#byteLength) return this.#start;
    // A quarter more than asked for: a sequence that grows token by token moves it seldom.
    const larger = Math.ceil((byteLength * 1.25) / 64) * 64;
    const start = this.#arena.allocate(larger);
    this.dispose();
    this.#start = start;
    this.#byteLength = larger;
    return start;
  }

  dispose(): void {
    if (this.#byteLength > 0) this.#arena.release(this.#start, this.#byteLength);
    this.#byteLength = 0;
    this.#start = 0;
  }
}
