import type { CaseRunner } from "../types.js";

export const visionCases: Record<string, CaseRunner> = {};
