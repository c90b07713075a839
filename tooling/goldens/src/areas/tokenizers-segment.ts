/** Other ways to cut text than the one that a tokenizer was trained for. */
import type { CaseRunner } from "../types.js";

export const tokenizerSegmentCases: Record<string, CaseRunner> = {};
