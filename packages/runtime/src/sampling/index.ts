/** Laws to draw from, and where a text ends. */
export type { LogitProcessor, TokenPath } from "./processor.js";
export { type Sampler, type SamplingOptions, samplerOf } from "./sampler.js";
export { StopMatcher, type StopStep } from "./stop-strings.js";
