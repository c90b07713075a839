import type { Row, Table } from "../src/types.js";

const row = (method: string, budget: number | null, quality: number, tokens: number): Row => ({
  method,
  budget,
  quality,
  interval95: [quality - 0.05, quality + 0.05],
  samples: 100,
  tokensProcessed: tokens,
  ms: 12.34,
  details: { steps: tokens },
});

export const TABLE: Table = {
  task: "vqa",
  title: "Pictures <&>",
  model: "scenes",
  quality: { name: "right answers", better: "higher", isShare: true },
  cost: "tokens a layer",
  items: { name: "pictures", count: 50 },
  rows: [
    row("full", 1, 0.9, 265),
    {
      ...row("random", 0.25, 0.5, 73),
      versusFull: { better: 1, worse: 41, p: 1e-9, isWorse: true },
    },
    {
      ...row('<script>"', 0.25, 0.9, 73),
      versusFull: { better: 0, worse: 0, p: 1, isWorse: false },
    },
    {
      ...row('<script>"', 0.125, 0.8, 41),
      versusFull: { better: 2, worse: 4, p: 0.6875, isWorse: false },
    },
    {
      ...row("odd", null, Number.NaN, 10),
      interval95: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    },
  ],
  refusals: [{ method: "picky", budget: 0.125, reason: "not | here" }],
};

export const REPORT = {
  title: "A & B",
  command: "frugal eval",
  machine: { processor: "<one>", cores: 2 },
  tables: [TABLE],
};
