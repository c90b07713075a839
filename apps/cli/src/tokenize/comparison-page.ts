/** A comparison as a page: bars a measure, and how many characters and words were measured. */
import { escapeHtml } from "@frugal/evaluate";
import type { TokenizerComparison } from "@frugal/tokenizers/measure";
import { bestOf, type Measure, measuresOf } from "./measures.js";
import { colorOf, legendOf, pageOf } from "./page.js";

export function comparisonPage({
  title,
  compared,
}: {
  readonly title: string;
  readonly compared: readonly TokenizerComparison[];
}): string {
  const names = compared.map(({ name }) => name);
  const { characters, bytes, words } = compared[0]!.metrics;
  const body = [
    `<p>${characters} characters, ${bytes} bytes, ${words.words} words (${words.distinctWords} distinct).</p>`,
    `<p>${legendOf(names)}</p>`,
    ...measuresOf(names[0]!).map((measure) => section(measure, compared)),
  ];
  return pageOf(title, body.join("\n"));
}

const DIRECTION = { higher: "; more is better", lower: "; less is better", none: "" } as const;

function section(measure: Measure, compared: readonly TokenizerComparison[]): string {
  const values = compared.map((one) => measure.value(one));
  const best = bestOf(measure, values);
  const most = Math.max(...values, Number.MIN_VALUE);
  const bars = values.map((value, i) => {
    const kind = best.has(i) ? ' class="best"' : "";
    const bar = `<div class="bar" style="width: ${((100 * value) / most).toFixed(2)}%; background: ${colorOf(i)}"></div>`;
    return `<span>${escapeHtml(compared[i]!.name)}</span>${bar}<span${kind}>${escapeHtml(measure.text(value))}</span>`;
  });
  return `<section><h2>${escapeHtml(measure.name)}${DIRECTION[measure.better ?? "none"]}</h2><div class="bars">${bars.join("\n")}</div></section>`;
}
