/** Faults of attention and its taps. */
import { dataOf, type Fault, lastBits, nudge, spoilt } from "./fault.js";

export const ATTENTION_FAULTS: readonly Fault[] = [
  [
    "attention agrees with the reference on every mask and storage",
    "no window",
    (right) => ({
      attention({ mask, ...call }, output) {
        const { window: _, ...open } = mask;
        right.attention({ ...call, mask: open }, output);
      },
    }),
  ],
  [
    "attention agrees with the reference on every mask and storage",
    "no soft cap",
    (right) => ({
      attention: (call, output) => right.attention({ ...call, softCap: 0 }, output),
    }),
  ],
  [
    "attention agrees with the reference on every mask and storage",
    "chosen slots are ignored",
    (right) => ({
      attention({ mask, ...call }, output) {
        const { slots: _, ...open } = mask;
        right.attention({ ...call, mask: open }, output);
      },
    }),
  ],
  [
    "attention agrees with the reference on every mask and storage",
    "a tree is taken for a chain",
    (right) => ({
      attention({ mask, ...call }, output) {
        const kind = mask.kind === "tree" ? "causal" : mask.kind;
        right.attention({ ...call, mask: { ...mask, kind } }, output);
      },
    }),
  ],
  [
    "attention agrees with the reference on every mask and storage",
    "a log-sum-exp without its maximum",
    (right) => ({
      attention: spoilt(right.attention, (_, { logSumExp }) => {
        if (logSumExp) nudge(logSumExp, 0, 1e-3);
      }),
    }),
  ],
  [
    "taps show what attention saw",
    "hidden logits are 0",
    (right) => ({
      attentionTap: spoilt(right.attentionTap, (_, { want, out }) => {
        dataOf(out).forEach((x, i) => {
          if (want === "logits" && x === -Infinity) dataOf(out)[i] = 0;
        });
      }),
    }),
  ],
  [
    "taps show what attention saw",
    "column maxima are sums",
    (right) => ({
      attentionTap: (call, { want, out }) =>
        right.attentionTap(call, { want: want === "columnMax" ? "columnSum" : want, out }),
    }),
  ],
  [
    "a row of attention has the same bits in any chunk",
    "single rows take another path",
    (right) => ({
      attention: spoilt(right.attention, ({ rows }, { out }) => {
        if (rows === 1) lastBits(out);
      }),
    }),
  ],
  [
    "a path of a tree has the bits of the same tokens in a row",
    "trees take another path",
    (right) => ({
      attention: spoilt(right.attention, ({ mask }, { out }) => {
        if (mask.kind === "tree") lastBits(out);
      }),
    }),
  ],
];
