/**
 * Shows what attention saw: probabilities, logits, or their columns summed or maximized over the rows.
 *
 * Shapes   the attention's call  ->  probabilities, logits [H, rows, T]; column sum, column maximum [H, T]; T = slots of the
 *          longest head, written from the first element on
 * Units    hidden slots and columns past a head's end: probability 0, logit -Infinity; logits hold the log weights
 * Order    as `attention`; columns are summed in f64, row ascending
 * Cost     O(rows H T D); scratch of one kv head and, for columns, [H, T]
 * Errors   none in here: `checkAttention` has checked
 */
import type { AttentionCall, AttentionTapOutput } from "../backend.js";
import { eachHeadRow, largestOf } from "./attention.js";
import type { SlotScratch } from "./attention-heads.js";

export function attentionTap(
  call: AttentionCall,
  kvHeadCount: number,
  columns: number,
  scratch: SlotScratch,
  want: AttentionTapOutput["want"],
  out: Float32Array,
): void {
  const { rows, headCount } = call;
  const isByRow = want === "probabilities" || want === "logits";
  const size = headCount * columns * (isByRow ? rows : 1);
  const kept = new Float64Array(isByRow ? 0 : size);
  out.fill(want === "logits" ? -Infinity : 0, 0, size);
  eachHeadRow(call, kvHeadCount, columns, scratch, (row, head) => {
    const { scores, count } = scratch;
    if (want === "logits") {
      out.set(scores.subarray(0, count), (head * rows + row) * columns);
      return;
    }
    const largest = largestOf(scores, count);
    if (largest === -Infinity) return;
    let total = 0;
    for (let t = 0; t < count; t++) total += Math.exp(scores[t]! - largest);
    for (let t = 0; t < count; t++) {
      const probability = Math.exp(scores[t]! - largest) / total;
      const column = head * columns + t;
      if (want === "probabilities") out[(head * rows + row) * columns + t] = probability;
      else if (want === "columnSum") kept[column]! += probability;
      else kept[column] = Math.max(kept[column]!, probability);
    }
  });
  if (!isByRow) out.set(kept);
}
