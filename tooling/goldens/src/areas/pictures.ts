import type { CaseRunner } from "../types.js";

export const pictureCases: Record<string, CaseRunner> = {};
