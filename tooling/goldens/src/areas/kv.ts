import type { CaseRunner } from "../types.js";

export const kvCases: Record<string, CaseRunner> = {};
