import { describe, expect, test } from "vitest";
import { REPORT, TABLE } from "../../test/table.js";
import type { Report } from "../types.js";
import { reportHtml } from "./html.js";
import { reportJson } from "./json.js";
import { reportMarkdown, tableMarkdown } from "./markdown.js";
import { tableSvg } from "./svg.js";

/** Opening tags without their closing ones, and the other way round. */
function unbalanced(markup: string): string[] {
  const open: string[] = [];
  for (const [, closes, name, selfCloses] of markup.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)[^>]*?(\/?)>/g,
  )) {
    if (selfCloses || ["meta", "!doctype"].includes(name!)) continue;
    if (!closes) open.push(name!);
    else if (open.at(-1) === name) open.pop();
    else return [...open, `/${name}`];
  }
  return open;
}

describe("svg", () => {
  const svg = tableSvg(TABLE);

  test("is well-formed and describes itself", () => {
    expect(unbalanced(svg)).toEqual([]);
    expect(svg).toContain('role="img"');
    expect(svg).toMatch(/<desc[^>]*>[^<]*random, keeps 25 %: 50.0 %/);
  });

  test("draws a curve for a method with two budgets, and one bar a finite row", () => {
    expect(svg.match(/<polyline/g)).toHaveLength(1);
    expect(svg.match(/opacity="0.6"/g)).toHaveLength(5);
  });

  test("escapes names and holds no number that is none", () => {
    expect(svg).not.toContain("<script");
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test("a task may have another number plotted", () => {
    const steps = tableSvg({ ...TABLE, cost: "rows", plotted: "steps" });
    expect(steps).toContain(": right answers over steps</title>");
    expect(steps.match(/<polyline points="([^"]*)"/)?.[1]).toBe(
      svg.match(/<polyline points="([^"]*)"/)?.[1],
    );
  });

  test("an empty table still gives axes", () => {
    expect(unbalanced(tableSvg({ ...TABLE, rows: [] }))).toEqual([]);
    expect(tableSvg({ ...TABLE, rows: [] })).not.toMatch(/NaN|Infinity/);
  });
});

describe("html", () => {
  const html = reportHtml(REPORT);

  test("is well-formed, self-contained, and light or dark", () => {
    expect(unbalanced(html)).toEqual([]);
    expect(html.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(
      /https?:|src=|<script|@import/,
    );
    expect(html).toContain("prefers-color-scheme: dark");
    expect(html).toContain('lang="en"');
  });

  test("escapes every text from outside", () => {
    expect(html).toContain("Pictures &lt;&amp;&gt;");
    expect(html).toContain("&lt;one&gt;");
    expect(html).toContain("&lt;script&gt;&quot;");
  });

  test("says what was refused and what is worse", () => {
    expect(html).toContain("picky at 12.5 % refused");
    expect(html).toContain('<tr class="worse"><th scope="row">random</th>');
  });
});

describe("markdown", () => {
  test("is one table with the verdicts", () => {
    const lines = tableMarkdown(TABLE).split("\n");
    expect(lines).toContain(
      "| random | 25 % | 50.0 % | 45.0 % to 55.0 % | 73.0 | 12.3 | 73.0 | below full, p < 0.001 |",
    );
    expect(lines.filter((line) => line.startsWith("|"))).toHaveLength(7);
    expect(lines.at(-1)).toBe("- picky at 12.5 % refused: not \\| here");
  });

  test("a report names its command and machine", () => {
    expect(reportMarkdown(REPORT)).toMatch(
      /^# A & B\n\nMade by `frugal eval`\.\n\n- processor: <one>/,
    );
  });
});

test("json can be read back; what is not finite is null", () => {
  const read = JSON.parse(reportJson(REPORT)) as Report;
  expect(read.tables[0]!.rows[1]).toEqual(TABLE.rows[1]);
  expect(read.tables[0]!.rows[4]!.quality).toBeNull();
});
