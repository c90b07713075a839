/**
 * The doors of attention and its tap: check a call, lay it out, run the kernel.
 *
 * Shapes   query [R, H * D]  ->  out [R, H * D] over the same rows, logSumExp [H, rows]; taps as `AttentionTapOutput` says
 * Cost     a tap computes the scores of the call once more, O(rows H T D)
 * Order    as `assembly/attention/attention.ts` says: a row's bits do not depend on the other rows
 * State    none beyond the scratch of the plan
 * Errors   those of `checkAttention` and `Door`, before anything is written
 */
import {
  ArgumentError,
  type AttentionCall,
  type AttentionOutput,
  type AttentionTapOutput,
} from "@frugal/tensor";
import { checkAttention } from "@frugal/tensor/checks";
import type { Core } from "../core.js";
import type { AttentionPlan } from "./plan.js";

/** In the order of the kernel's numbers. */
const WANTS = ["probabilities", "logits", "columnSum", "columnMax"] as const;

export function attend(
  core: Core,
  plan: AttentionPlan,
  call: AttentionCall,
  { out, logSumExp }: AttentionOutput,
): void {
  const where = "Backend.attention";
  const { door } = core;
  const { kvHeadCount, columns } = checkAttention(where, call, door);
  const { query, firstRow, rows, headCount, headWidth, source, scale, softCap } = call;
  const width = headCount * headWidth;
  door.rowsOf("Backend.attention: out", out, firstRow + rows, width);
  door.apart(where, query, out);
  if (source.kind === "dense") {
    door.apart(where, source.keys, out);
    door.apart(where, source.values, out);
  }
  if (logSumExp) door.room("Backend.attention: logSumExp", logSumExp, headCount * rows);
  plan.lay(call, kvHeadCount, columns);
  const skipped = firstRow * width * 4;
  core.kernels.attention(
    core.at(query) + skipped,
    core.at(out) + skipped,
    logSumExp ? core.at(logSumExp) : 0,
    rows,
    headCount,
    kvHeadCount,
    headWidth,
    scale,
    softCap ?? 0,
    plan.heads,
    plan.spans,
    plan.columns,
    plan.tileRows,
    plan.scratch,
  );
}

export function tap(
  core: Core,
  plan: AttentionPlan,
  call: AttentionCall,
  { want, out }: AttentionTapOutput,
): void {
  const where = "Backend.attentionTap";
  const { kvHeadCount, columns: slots } = checkAttention(where, call, core.door);
  const { query, firstRow, rows, headCount, headWidth, scale, softCap } = call;
  const kind = WANTS.indexOf(want);
  if (kind < 0) throw new ArgumentError(where, "want", WANTS.join(", "), want);
  const size = headCount * (kind < 2 ? rows : 1) * slots;
  core.door.room("Backend.attentionTap: out", out, size);
  plan.lay(call, kvHeadCount, slots);
  const to = core.at(out);
  const hidden = want === "logits" ? Number.NEGATIVE_INFINITY : 0;
  core.arena.floats.fill(hidden, to / 4, to / 4 + size);
  core.kernels.attentionTap(
    core.at(query) + firstRow * headCount * headWidth * 4,
    to,
    kind,
    rows,
    headCount,
    kvHeadCount,
    headWidth,
    scale,
    softCap ?? 0,
    plan.heads,
    plan.spans,
    plan.columns,
    slots,
    plan.tileRows,
    plan.scratch,
  );
}
