/** Quality against cost: tasks, statistics, sweeps, reports, and the published scores to compare with. */
export { type MeasureOptions, measure } from "./measure.js";
export { type RandomDrafter, randomDraft } from "./random-draft.js";
export { escapeHtml } from "./reports/escape.js";
export { reportHtml } from "./reports/html.js";
export { reportJson } from "./reports/json.js";
export { reportMarkdown, tableMarkdown } from "./reports/markdown.js";
export { STYLE as REPORT_STYLE } from "./reports/style.js";
export { tableSvg } from "./reports/svg.js";
export {
  type ScoreComparison,
  type ScoreOptions,
  type ScoreReport,
  type ScoreSubjects,
  scores,
} from "./scores/scores.js";
export { meanInterval, signTest, wilsonInterval } from "./statistics.js";
export { armsOf, type Contender, type SweepOptions, sweep } from "./sweep.js";
export { type PerplexityOptions, perplexity } from "./tasks/perplexity.js";
export { type PresenceHead, presence } from "./tasks/presence.js";
export { type RecallTaskOptions, recall } from "./tasks/recall.js";
export { type SpeculationOptions, speculation } from "./tasks/speculation.js";
export { type VqaOptions, vqa } from "./tasks/vqa.js";
export type * from "./types.js";
