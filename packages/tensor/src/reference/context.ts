/** What the operations of the reference back end share: its memory and its door. */
import type { Weight } from "../backend.js";
import { Door } from "../checks/door.js";
import { StateError } from "../errors/index.js";
import type { Tensor } from "../tensor.js";
import { Arena } from "./arena.js";
import { SlotScratch } from "./attention-heads.js";
import { pageDriver } from "./pages.js";
import { ReferenceWeight } from "./weight.js";

export class Context {
  readonly arena = new Arena();
  readonly driver = pageDriver(this.arena);
  readonly scratch = new SlotScratch(this.driver);
  readonly door = new Door((tensor) => {
    this.live();
    return this.arena.owns(tensor);
  });
  isDisposed = false;

  live(): void {
    if (this.isDisposed) throw new StateError("Backend", "the back end is disposed");
  }

  packed(where: string, weight: Weight): ReferenceWeight {
    this.live();
    if (!(weight instanceof ReferenceWeight) || weight.arena !== this.arena) {
      throw new StateError(where, "the weight belongs to another back end");
    }
    if (weight.isDisposed) throw new StateError(where, "the weight is disposed");
    return weight;
  }

  /** Activations of one width; returns it. */
  alike(where: string, rows: number, first: Tensor, ...others: readonly Tensor[]): number {
    this.door.count(where, "rows", rows);
    const width = this.door.rows(where, first, rows);
    for (const tensor of others) this.door.rowsOf(where, tensor, rows, width);
    return width;
  }
}

/** The elements of a tensor that the door has let in. */
export const floatsOf = (tensor: Tensor): Float32Array => tensor.data as Float32Array;
