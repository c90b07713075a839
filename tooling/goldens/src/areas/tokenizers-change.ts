/** Changes a tokenizer, or gives a model the rows for a new one. */
import type { CaseRunner } from "../types.js";

export const tokenizerChangeCases: Record<string, CaseRunner> = {};
