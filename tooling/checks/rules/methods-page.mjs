/** Makes `docs/methods.md` from the doc headers: one row a method, one table a group. */
import { readHeader } from "../doc-header.mjs";
import { GENERATED, methodFiles } from "../tree.mjs";

export function methodsPage(tree) {
  const tables = new Map();
  for (const { path, packageName, group, name } of methodFiles(tree)) {
    const header = readHeader(tree.text(path), path);
    if (!header) continue;
    const title = `@frugal/${packageName}/${group}`;
    tables.set(title, [...(tables.get(title) ?? []), rowOf(path, name, header)]);
  }
  const head = "| Method | What it does | Paper | Needs | Cost |\n|---|---|---|---|---|\n";
  const sections = [...tables].map(([title, rows]) => `## ${title}\n\n${head}${rows.join("\n")}\n`);
  const count = [...tables.values()].flat().length;
  const text = `<!-- ${GENERATED} -->\n\n# Methods\n\n${count} methods, from their doc headers.\n\n${sections.join("\n")}`;
  return new Map([["docs/methods.md", text]]);
}

function rowOf(path, name, { summary, fields }) {
  const cells = [summary, ...["Paper", "Needs", "Cost"].map((field) => fields.get(field) ?? "")];
  return `| [${name}](../${path}) | ${cells.map(escaped).join(" | ")} |`;
}

const escaped = (text) => text.replaceAll("|", "\\|");
