/**
 * What the parts of the back end share: the kernels, their memory, and the books.
 *
 * State    `staging` holds what the host hands in (indices, rows to pack, angles), `work` what kernels need while they run
 */
import { StateError, type Tensor } from "@frugal/tensor";
import { Door } from "@frugal/tensor/checks";
import { storageOf } from "@frugal/tensor/interop";
import type { Instance } from "./instantiate.js";
import type { Kernels } from "./kernels.js";
import { Arena } from "./memory/arena.js";
import { WasmRange } from "./memory/range.js";
import { Scratch } from "./memory/scratch.js";

export class Core {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly staging: Scratch;
  readonly work: Scratch;
  readonly door: Door;
  isDisposed = false;

  constructor(instance: Instance, maxMemoryBytes?: number) {
    this.kernels = instance.kernels;
    this.arena = new Arena(instance.memory, maxMemoryBytes);
    this.staging = new Scratch(this.arena);
    this.work = new Scratch(this.arena);
    this.door = new Door((tensor) => {
      this.live("Backend");
      const storage = storageOf(tensor);
      return storage instanceof WasmRange && storage.arena === this.arena;
    });
  }

  /** Bytes of tensors, weights and pages, without the scratch. */
  get liveBytes(): number {
    return this.arena.usedBytes - this.staging.byteLength - this.work.byteLength;
  }

  range(byteLength: number): WasmRange {
    return new WasmRange(this.arena, byteLength);
  }

  live(where: string): void {
    if (this.isDisposed) throw new StateError(where, "the back end is disposed");
  }

  /** Byte offset of the first element of a tensor that the door has let in. */
  at(tensor: Tensor): number {
    return storageOf(tensor)!.byteOffset + tensor.offset * 4;
  }

  /** Copies 32-bit integers into the staging scratch. */
  stageInts(values: Uint32Array | Int32Array): number {
    const at = this.staging.need(values.length * 4);
    this.arena.ints.set(values, at / 4);
    return at;
  }
}
