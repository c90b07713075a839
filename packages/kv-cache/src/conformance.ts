/**
 * Rules that scorers, allocators, reducers and codecs obey, under any test runner, in Node or in a page.
 *
 * Use      for (const rule of scorerRules(() => myScorer())) test(rule.name, rule.check);
 * Limits   signals are made up: a scorer that needs logits, losses or token ids gets a CapabilityError
 * Errors   ConformanceError naming rule and seed; scorerRules(make, seed) replays from there
 */
export { allocatorRules } from "./conformance/allocator.js";
export { codecRules } from "./conformance/codec.js";
export { reducerRules } from "./conformance/reducer.js";
export type { Rule } from "./conformance/rules.js";
export { scorerRules } from "./conformance/scorer.js";
