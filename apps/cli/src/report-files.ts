/** Writes a report's files, a page and a picture for each table, and says how to open them. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { type Report, reportHtml, reportJson, reportMarkdown, tableSvg } from "@frugal/evaluate";

export async function writeReport(report: Report, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const page = join(folder, "index.html");
  await writeFile(page, reportHtml(report));
  await writeFile(join(folder, "results.json"), reportJson(report));
  await writeFile(join(folder, "results.md"), reportMarkdown(report));
  for (const table of report.tables) {
    await writeFile(join(folder, `${table.task}.svg`), tableSvg(table));
  }
  return page;
}

/** One command that shows a page, as this system spells it. */
export function openCommand(page: string, cwd: string, platform = process.platform): string {
  const path = relative(cwd, page) || page;
  const quoted = /^[\w./\\-]+$/.test(path) ? path : `"${path}"`;
  if (platform === "darwin") return `open ${quoted}`;
  return platform === "win32" ? `start "" ${quoted}` : `xdg-open ${quoted}`;
}
