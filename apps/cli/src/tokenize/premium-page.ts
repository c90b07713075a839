/** Premiums as a page: every language on one curve a tokenizer, the cheapest first, and a table of them all. */
import { escapeHtml } from "@frugal/evaluate";
import { colorOf, legendOf, pageOf, tableOf } from "./page.js";
import { ended, type NamedPremiums, rankedLanguages, SUMMARIES } from "./premiums.js";

export function premiumPage(found: readonly NamedPremiums[], leftOut: readonly string[]): string {
  const names = found.map(({ name }) => name);
  const { reference, rows } = found[0]!;
  const summary = [
    ...SUMMARIES.map(([label, figure]) => [label, ...found.map((one) => figure(one).toFixed(3))]),
    ["cheapest", ...found.map(({ best }) => ended(best))],
    ["dearest", ...found.map(({ worst }) => ended(worst))],
  ];
  const languages = rankedLanguages(found).map(({ language, premiums }) => [
    language,
    ...premiums.map((premium) => premium.toFixed(3)),
  ]);
  const body = [
    `<p>Tokens of one text in ${rows.length} languages over the tokens of the same text in ${escapeHtml(reference)}. Each curve has its own order, the cheapest language first; the scale doubles from line to line.</p>`,
    `<figure>${curves(found)}<figcaption>${legendOf(names)}</figcaption></figure>`,
    tableOf("All languages together", ["", ...names], summary),
    tableOf("By language, the cheapest on average first", ["language", ...names], languages),
    leftOut.length > 0
      ? `<p>Left out, for their text is not the whole: ${escapeHtml(leftOut.join(", "))}.</p>`
      : "",
  ];
  return pageOf(`Token premiums over ${reference}`, body.join("\n"));
}

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 48;
const RIGHT = 96;
const TOP = 16;
const BOTTOM = 40;

function curves(found: readonly NamedPremiums[]): string {
  const all = found.flatMap(({ rows }) => rows.map(({ premium }) => premium)).filter((p) => p > 0);
  const low = Math.floor(Math.log2(Math.min(...all)));
  const high = Math.max(low + 1, Math.ceil(Math.log2(Math.max(...all))));
  const count = found[0]!.rows.length;
  const x = (rank: number): number =>
    LEFT + (rank / Math.max(1, count - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (premium: number): number =>
    HEIGHT - BOTTOM - ((Math.log2(premium) - low) / (high - low)) * (HEIGHT - BOTTOM - TOP);
  const lines = Array.from({ length: high - low + 1 }, (_, i) => {
    const at = y(2 ** (low + i)).toFixed(1);
    const weight = low + i === 0 ? ' stroke-width="2"' : "";
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="var(--grid)"${weight}/><text x="${LEFT - 8}" y="${at}" dy="0.32em" text-anchor="end" fill="var(--ink)">${2 ** (low + i)}×</text>`;
  });
  const label = `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle" fill="var(--ink)">languages, the cheapest first</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Premiums by rank" font-family="system-ui, sans-serif" font-size="12">
${lines.join("\n")}
${label}
${found.map((one, i) => curve(one, i, x, y)).join("\n")}
</svg>`;
}

function curve(
  { name, rows }: NamedPremiums,
  index: number,
  x: (rank: number) => number,
  y: (premium: number) => number,
): string {
  const ranked = rows.filter(({ premium }) => premium > 0).sort((a, b) => a.premium - b.premium);
  const points = ranked.map(
    ({ premium }, rank) => `${x(rank).toFixed(1)},${y(premium).toFixed(1)}`,
  );
  const dots = ranked.map(
    ({ language, premium }, rank) =>
      `<circle cx="${x(rank).toFixed(1)}" cy="${y(premium).toFixed(1)}" r="2"><title>${escapeHtml(`${name}, ${language}: ${premium.toFixed(2)}`)}</title></circle>`,
  );
  const last = ranked.at(-1);
  const end =
    last === undefined
      ? ""
      : `<text x="${(x(ranked.length - 1) + 6).toFixed(1)}" y="${y(last.premium).toFixed(1)}" dy="0.32em">${escapeHtml(ended(last))}</text>`;
  return `<g stroke="none" fill="${colorOf(index)}"><polyline points="${points.join(" ")}" fill="none" stroke="${colorOf(index)}" stroke-width="1.5"/>${dots.join("")}${end}</g>`;
}
