/** The frame of a page of `frugal tokenize`: the style of the reports, no script, nothing loaded from elsewhere. */
import { escapeHtml, REPORT_STYLE } from "@frugal/evaluate";

/** Colors of the report's style. */
export const COLOR_COUNT = 7;

export const colorOf = (index: number): string => `var(--series-${index % COLOR_COUNT})`;

export const pageOf = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${REPORT_STYLE}
.bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: 0.2rem 0.7rem; align-items: center; }
.bar { height: 0.8rem; border-radius: 2px; }
.best { font-weight: 600; }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;

export const legendOf = (names: readonly string[]): string =>
  names
    .map(
      (name, i) =>
        `<span class="key"><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="${colorOf(i)}"/></svg>${escapeHtml(name)}</span>`,
    )
    .join(" ");

export function tableOf(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const cells = head.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  const lines = rows.map(([first = "", ...rest]) => {
    const values = rest.map((value) => `<td>${escapeHtml(value)}</td>`).join("");
    return `<tr><th scope="row">${escapeHtml(first)}</th>${values}</tr>`;
  });
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${cells}</tr></thead><tbody>${lines.join("\n")}</tbody></table></div>`;
}
