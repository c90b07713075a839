/** Subpath `./conformance`: test kits, free of any test runner. */
export { type BackendRulesOptions, backendRules } from "./backend-rules.js";
export { opsRules } from "./ops-rules.js";
export type { Rule } from "./rule.js";
export { type OrtRuntimes, tensorRules } from "./tensor-rules.js";
