/**
 * Holds drafters and verifiers of any package to the rules, under any test runner, in Node or in a page.
 *
 * Use      for (const rule of verifierRules(() => myVerifier())) test(rule.name, rule.check);
 *          for (const rule of drafterRules(() => myDrafter())) test(rule.name, rule.check);
 * Errors   ConformanceError naming rule and case
 */
export { type DrafterRuleOptions, drafterRules } from "./drafter-rules.js";
export { type Rule, type VerifierRuleOptions, verifierRules } from "./verifier-rules.js";
