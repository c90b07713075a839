import type { CaseRunner } from "../types.js";

export const speculativeCases: Record<string, CaseRunner> = {};
