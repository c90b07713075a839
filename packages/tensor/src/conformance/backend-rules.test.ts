import { test } from "vitest";
import { referenceBackend } from "../reference/index.js";
import { backendRules } from "./index.js";

for (const rule of backendRules(() => referenceBackend())) test(rule.name, rule.check);
