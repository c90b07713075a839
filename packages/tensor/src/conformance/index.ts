/** Subpath `./conformance`: test kits, free of any test runner. */
export { type BackendRulesOptions, backendRules } from "./backend-rules.js";
export type { Rule } from "./rule.js";
