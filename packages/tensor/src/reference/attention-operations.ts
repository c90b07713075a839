/** Attention and its taps: their doors, then the plain functions. */

import type { Backend } from "../backend.js";
import { checkAttention } from "../checks/attention.js";
import { ArgumentError } from "../errors/index.js";
import { attention } from "./attention.js";
import { attentionTap } from "./attention-tap.js";
import { type Context, floatsOf } from "./context.js";

export function attentionOperations(context: Context): Pick<Backend, "attention" | "attentionTap"> {
  const { door } = context;
  return {
    attention(call, { out, logSumExp }) {
      const where = "Backend.attention";
      const { kvHeadCount, columns } = checkAttention(where, call, door);
      const { firstRow, rows, headCount, headWidth, query, source } = call;
      door.rowsOf(`${where}: out`, out, firstRow + rows, headCount * headWidth);
      door.apart(where, query, out);
      if (source.kind === "dense") {
        door.apart(where, source.keys, out);
        door.apart(where, source.values, out);
      }
      if (logSumExp) door.room(`${where}: logSumExp`, logSumExp, headCount * rows);
      const sums = logSumExp ? floatsOf(logSumExp) : null;
      attention(call, kvHeadCount, columns, context.scratch, floatsOf(out), sums);
    },

    attentionTap(call, { want, out }) {
      const where = "Backend.attentionTap";
      const { kvHeadCount, columns } = checkAttention(where, call, door);
      const byRow = want === "probabilities" || want === "logits";
      if (!byRow && want !== "columnSum" && want !== "columnMax") {
        throw new ArgumentError(where, "want", "a tap that attention has", want);
      }
      door.room(`${where}: out`, out, call.headCount * columns * (byRow ? call.rows : 1));
      attentionTap(call, kvHeadCount, columns, context.scratch, want, floatsOf(out));
    },
  };
}
