/**
 * A report as one HTML file: curves, tables, how it was measured; no script, nothing loaded from elsewhere.
 *
 * Errors   none; every text from outside is escaped
 */
import type { Report, Row, Table } from "../types.js";
import { escapeHtml } from "./escape.js";
import { detailNames } from "./markdown.js";
import { budgetText, intervalText, plain, qualityText, verdictText, wordsOf } from "./numbers.js";
import { STYLE } from "./style.js";
import { COLOR_COUNT, markOf, seriesOf, tableSvg } from "./svg.js";

export function reportHtml(report: Report): string {
  const title = escapeHtml(report.title);
  const machine = Object.entries(report.machine).map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(String(value))}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>Bars are 95 % intervals. A row is called worse when the same items answered by it and by the full model differ more than chance allows (exact sign test, 5 %).</p>
${report.tables.map(section).join("\n")}
<section>
<h2>How this was measured</h2>
<p>Made by <code>${escapeHtml(report.command)}</code>.</p>
<dl>${machine.join("")}</dl>
</section>
</main>
</body>
</html>
`;
}

function section(table: Table): string {
  const samples = table.rows[0]?.samples ?? 0;
  const refusals = table.refusals.map(
    ({ method, budget, reason }) =>
      `<li>${escapeHtml(method)} at ${budgetText(budget)} refused: ${escapeHtml(reason)}</li>`,
  );
  return `<section>
<h2>${escapeHtml(table.title)}</h2>
<p>Model ${escapeHtml(table.model)}, ${table.items.count} ${escapeHtml(table.items.name)}, ${samples} samples a row. ${escapeHtml(direction(table))}</p>
<figure>${tableSvg(table)}<figcaption>${legend(table)}</figcaption></figure>
<div class="scroll">${htmlTable(table)}</div>
${refusals.length ? `<ul>${refusals.join("")}</ul>` : ""}
</section>`;
}

const direction = ({ quality }: Table): string =>
  `${quality.name[0]!.toUpperCase()}${quality.name.slice(1)}: ${quality.better} is better.`;

function legend({ rows }: Table): string {
  const entries = seriesOf(rows).map(({ name }, index) => {
    const color = `var(--series-${index % COLOR_COUNT})`;
    return `<span class="key"><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" fill="${color}">${markOf(index)}</svg>${escapeHtml(name)}</span>`;
  });
  return entries.join(" ");
}

function htmlTable(table: Table): string {
  const details = detailNames(table);
  const head = [
    "method",
    "keeps",
    table.quality.name,
    "95 % interval",
    table.cost,
    "ms",
    ...details.map(wordsOf),
  ];
  const cells = [...head, "against full"].map((name) => `<th scope="col">${escapeHtml(name)}</th>`);
  const rows = table.rows.map((row) => htmlRow(table, row, details));
  return `<table><caption>${escapeHtml(table.title)}, by method</caption><thead><tr>${cells.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function htmlRow(table: Table, row: Row, details: readonly string[]): string {
  const cells = [
    budgetText(row.budget),
    qualityText(table, row.quality),
    intervalText(table, row),
    plain(row.tokensProcessed),
    plain(row.ms),
    ...details.map((name) => plain(row.details[name] ?? Number.NaN)),
  ].map((text) => `<td>${escapeHtml(text)}</td>`);
  const verdict = `<td class="text">${escapeHtml(verdictText(table, row))}</td>`;
  const kind = row.versusFull?.isWorse ? ' class="worse"' : "";
  return `<tr${kind}><th scope="row">${escapeHtml(row.method)}</th>${cells.join("")}${verdict}</tr>`;
}
