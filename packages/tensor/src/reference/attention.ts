/**
 * Attends: softmax(scale query key, capped, + log weight) value over the slots that a row sees.
 *
 * Paper    attention, arXiv:1706.03762; grouped heads, arXiv:2305.13245
 * Shapes   query [R, H * D], kv heads of T slots each  ->  out [R, H * D], log-sum-exp [H, rows]
 * Order    in f64: exact maximum, exponentials, then denominator and weighted sum one visible slot at a time in slot order;
 *          rounded to f32 once. A row does not see the other rows of the call, nor hidden slots between its own
 * Cost     O(rows H T D); scratch of one kv head
 * Differs  a row that sees nothing, or only weights of -Infinity, gives zeros and -Infinity
 * Errors   none in here: `checkAttention` has checked; StateError for runs of another memory
 */
import type { AttentionCall } from "../backend.js";
import type { SlotScratch } from "./attention-heads.js";
import { markVisible } from "./attention-mask.js";

export function attention(
  call: AttentionCall,
  kvHeadCount: number,
  columns: number,
  scratch: SlotScratch,
  out: Float32Array,
  logSumExp: Float32Array | null,
): void {
  const { rows, firstRow, headWidth, headCount } = call;
  const sums = new Float64Array(headWidth);
  eachHeadRow(call, kvHeadCount, columns, scratch, (row, head) => {
    const { visible, scores, values, count } = scratch;
    const largest = largestOf(scores, count);
    let total = 0;
    sums.fill(0);
    for (let t = 0; t < count && largest > -Infinity; t++) {
      if (!visible[t]) continue;
      const weight = Math.exp(scores[t]! - largest);
      total += weight;
      for (let d = 0; d < headWidth; d++) sums[d]! += weight * values[t * headWidth + d]!;
    }
    const at = ((firstRow + row) * headCount + head) * headWidth;
    const isBlind = largest === -Infinity;
    for (let d = 0; d < headWidth; d++) out[at + d] = isBlind ? 0 : sums[d]! / total;
    if (logSumExp) logSumExp[head * rows + row] = isBlind ? -Infinity : largest + Math.log(total);
  });
}

/** Fills `scratch.scores` for every row and query head in turn: logits, -Infinity where hidden. */
export function eachHeadRow(
  call: AttentionCall,
  kvHeadCount: number,
  columns: number,
  scratch: SlotScratch,
  visit: (row: number, head: number) => void,
): void {
  const { rows, headCount, headWidth } = call;
  const group = headCount / kvHeadCount;
  for (let g = 0; g < kvHeadCount; g++) {
    scratch.load(call.source, g, headWidth);
    for (let row = 0; row < rows; row++) {
      markVisible(call.mask, scratch, row, rows, columns, scratch.visible);
      for (let head = g * group; head < (g + 1) * group; head++) {
        score(call, row, head, scratch);
        visit(row, head);
      }
    }
  }
}

function score(call: AttentionCall, row: number, head: number, scratch: SlotScratch): void {
  const { headWidth, headCount, scale, softCap: cap = 0 } = call;
  const { keys, visible, scores, logWeights, count } = scratch;
  const query = call.query.data as Float32Array;
  const from = ((call.firstRow + row) * headCount + head) * headWidth;
  for (let t = 0; t < count; t++) {
    scores[t] = -Infinity;
    if (!visible[t]) continue;
    let dot = 0;
    for (let d = 0; d < headWidth; d++) dot += query[from + d]! * keys[t * headWidth + d]!;
    const logit = dot * scale;
    scores[t] = (cap === 0 ? logit : cap * Math.tanh(logit / cap)) + logWeights[t]!;
  }
}

/** NaN wins, as it does in `Math.max`: it is not to be lost. */
export function largestOf(scores: Float64Array, count: number): number {
  let largest = -Infinity;
  for (let t = 0; t < count; t++) largest = Math.max(largest, scores[t]!);
  return largest;
}
