/** A report as Markdown: a table a task. */
import type { Report, Table } from "../types.js";
import { budgetText, intervalText, plain, qualityText, verdictText, wordsOf } from "./numbers.js";

export function reportMarkdown(report: Report): string {
  const machine = Object.entries(report.machine).map(([name, value]) => `- ${name}: ${value}`);
  return [
    `# ${report.title}`,
    `Made by \`${report.command}\`.`,
    machine.join("\n"),
    ...report.tables.map(tableMarkdown),
    "",
  ].join("\n\n");
}

export function tableMarkdown(table: Table): string {
  const details = detailNames(table);
  const head = [
    "method",
    "keeps",
    table.quality.name,
    "95 % interval",
    table.cost,
    "ms",
    ...details.map(wordsOf),
    "against full",
  ];
  const rows = table.rows.map((row) => [
    row.method,
    budgetText(row.budget),
    qualityText(table, row.quality),
    intervalText(table, row),
    plain(row.tokensProcessed),
    plain(row.ms),
    ...details.map((name) => plain(row.details[name] ?? Number.NaN)),
    verdictText(table, row),
  ]);
  const lines = [head, head.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map(cell).join(" | ")} |`,
  );
  const refusals = table.refusals.map(
    ({ method, budget, reason }) => `- ${method} at ${budgetText(budget)} refused: ${cell(reason)}`,
  );
  const samples = table.rows[0]?.samples ?? 0;
  const note = `${table.model}: ${table.items.count} ${table.items.name}, ${samples} samples a row.`;
  const parts = [`## ${table.title}`, note, lines.join("\n")];
  if (refusals.length > 0) parts.push(refusals.join("\n"));
  return parts.join("\n\n");
}

/** Names of further numbers, in the order of the first row. */
export const detailNames = ({ rows }: Table): string[] => Object.keys(rows[0]?.details ?? {});

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
