/**
 * Marks the slots of one kv head that one row sees.
 *
 * Shapes   visible [T] bytes, 1 where seen
 * Units    positions in tokens; a dense source has no positions: slot t stands at t
 * Cost     O(T) a row
 * Errors   none in here: `checkAttention` has checked
 */
import type { AttentionMask } from "../backend.js";

export interface MaskedHead {
  /** Slots of this head. */
  readonly count: number;
  /** [T] */
  readonly positions: ArrayLike<number>;
  /** Index of the kv head. */
  readonly index: number;
}

/**
 * @param rows rows of the call: as many slots at the end are their own under `causal` and `tree`
 * @param columns stride of `mask.visible`
 */
export function markVisible(
  mask: AttentionMask,
  head: MaskedHead,
  row: number,
  rows: number,
  columns: number,
  visible: Uint8Array,
): void {
  const { count, positions } = head;
  const hasOwn = mask.kind === "causal" || mask.kind === "tree";
  const own = hasOwn ? count - rows : count; // the first of the rows' own slots
  visible.fill(1, 0, own).fill(0, own, count);

  if (mask.kind === "causal") visible.fill(1, own, own + row + 1);
  if (mask.kind === "tree") {
    for (let node = row; node >= 0; node = mask.parents![node]!) visible[own + node] = 1;
  }
  if (mask.kind === "explicit") {
    for (let t = 0; t < count; t++) visible[t] = mask.visible![row * columns + t]! === 0 ? 0 : 1;
  }
  if (mask.kind === "position") {
    for (let t = 0; t < count; t++) if (positions[t]! > mask.positions![row]!) visible[t] = 0;
  }
  if (mask.window !== undefined) {
    const oldest = mask.positions![row]! - mask.window;
    for (let t = 0; t < count; t++) if (positions[t]! <= oldest) visible[t] = 0;
  }
  const chosen = mask.slots?.[head.index];
  if (!chosen) return;
  let next = 0;
  for (let t = 0; t < own; t++) {
    if (chosen[next] === t) next++;
    else visible[t] = 0;
  }
}
