/** The storage behind a tensor or a weight of this back end: a range of its arena. */
import type { CpuStorage } from "@frugal/tensor";
import type { Arena } from "./arena.js";

export class WasmRange implements CpuStorage {
  readonly kind = "wasm";
  readonly arena: Arena;
  readonly byteOffset: number;
  readonly byteLength: number;

  constructor(arena: Arena, byteLength: number) {
    this.arena = arena;
    this.byteOffset = arena.allocate(byteLength);
    this.byteLength = byteLength;
  }

  get buffer(): ArrayBufferLike {
    return this.arena.memory.buffer;
  }

  release(): void {
    this.arena.release(this.byteOffset, this.byteLength);
  }
}
