/** Other ways to cut text than the one that a tokenizer was trained for. */
import { hatSplitter } from "@frugal/tokenizers/segment";
import type { CaseRunner } from "../types.js";
import { textsOf } from "./tokenizers-files.js";

const hatSplit: CaseRunner = async ({ params, inputs, expect }, context) => {
  const texts = await textsOf(inputs.texts, context);
  const { maxBytes } = params;
  const { split, splitBytes } = hatSplitter(
    typeof maxBytes === "number" ? { maxBytes } : undefined,
  );
  return "bytes" in expect
    ? { bytes: texts.map((text) => splitBytes(text)) }
    : { words: texts.map((text) => split(text)) };
};

export const tokenizerSegmentCases: Record<string, CaseRunner> = {
  "hat-split": hatSplit,
};
