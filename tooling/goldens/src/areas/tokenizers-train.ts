/** Trains tokenizers from text. */
import type { CaseRunner } from "../types.js";

export const tokenizerTrainCases: Record<string, CaseRunner> = {};
