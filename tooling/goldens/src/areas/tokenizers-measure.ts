/** Measures what a tokenizer costs, and on whom. */
import type { CaseRunner } from "../types.js";

export const tokenizerMeasureCases: Record<string, CaseRunner> = {};
