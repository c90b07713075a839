/**
 * Draws a table as curves: quality over cost, one curve a method, bars for the 95 % intervals.
 *
 * Units    user units of a 640 x 360 view box
 * Errors   none: rows without finite numbers are left out
 */
import type { Row, Table } from "../types.js";
import { escapeHtml } from "./escape.js";
import { budgetText, intervalText, plain, qualityText, wordsOf } from "./numbers.js";
import { linearScale, type Scale, ticksOf } from "./scale.js";

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 16;
const TOP = 16;
const BOTTOM = 48;
/** Series past these begin anew with other marks. */
export const COLOR_COUNT = 7;
/** Bars of curves at one cost stand beside one another. */
const DODGE = 3;
const MARKS = ["circle", "square", "diamond", "triangle"] as const;

interface Series {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** Self-contained; colors come from the CSS variables --ink, --grid and --series-0 .. --series-6, with fallbacks. */
export function tableSvg(table: Table): string {
  const rows = table.rows.filter((row) => Number.isFinite(row.quality + costOf(table, row)));
  const ends = rows.flatMap(({ quality, interval95 }) => [quality, ...interval95]);
  const finite = ends.filter(Number.isFinite);
  const x = linearScale([0, ...rows.map((row) => costOf(table, row))], [LEFT, WIDTH - RIGHT]);
  const y = linearScale(finite.length ? finite : [0, 1], [HEIGHT - BOTTOM, TOP]);
  const id = `chart-${table.task.replace(/[^a-z0-9-]/gi, "-")}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc" font-family="system-ui, sans-serif" font-size="12">`,
    `<title id="${id}-title">${escapeHtml(`${table.title}: ${table.quality.name} over ${costName(table)}`)}</title>`,
    `<desc id="${id}-desc">${escapeHtml(described(table, rows))}</desc>`,
    axes(table, x, y),
    fullLine(rows, y),
    ...seriesOf(rows).map((series, index) => curve(table, series, index, x, y)),
    "</svg>",
  ].join("\n");
}

/** One series a method; the full model is one of its own. */
export function seriesOf(rows: readonly Row[]): Series[] {
  const names = [...new Set(rows.map(({ method }) => method))];
  return names.map((name) => ({
    name,
    rows: rows
      .filter(({ method }) => method === name)
      .sort((a, b) => (a.budget ?? 0) - (b.budget ?? 0)),
  }));
}

/** A dashed line at the quality of the first row. */
function fullLine([full]: readonly Row[], y: Scale): string {
  if (!full) return "";
  const at = px(y, full.quality);
  return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="var(--ink, #222)" stroke-dasharray="4 4" opacity="0.6"/>`;
}

const costName = ({ cost, plotted }: Table): string =>
  plotted === undefined ? cost : wordsOf(plotted);

const costOf = ({ plotted }: Table, row: Row): number =>
  plotted === undefined ? row.tokensProcessed : (row.details[plotted] ?? Number.NaN);

function axes(table: Table, x: Scale, y: Scale): string {
  const bottom = HEIGHT - BOTTOM;
  const lines = ticksOf(y).map((tick) => {
    const at = y.place(tick).toFixed(1);
    return `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}" stroke="var(--grid, #ddd)"/><text x="${LEFT - 8}" y="${at}" dy="0.32em" text-anchor="end" fill="var(--ink, #222)">${qualityText(table, tick)}</text>`;
  });
  const marks = ticksOf(x).map((tick) => {
    const at = x.place(tick).toFixed(1);
    return `<text x="${at}" y="${bottom + 18}" text-anchor="middle" fill="var(--ink, #222)">${tick}</text>`;
  });
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  return [
    ...lines,
    ...marks,
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${bottom}" y2="${bottom}" stroke="var(--ink, #222)"/>`,
    `<text x="${middle}" y="${HEIGHT - 8}" text-anchor="middle" fill="var(--ink, #222)">${escapeHtml(costName(table))}</text>`,
  ].join("\n");
}

function curve(table: Table, { name, rows }: Series, index: number, x: Scale, y: Scale): string {
  const color = `var(--series-${index % COLOR_COUNT}, currentColor)`;
  const points = rows.map((row) => `${px(x, costOf(table, row))},${px(y, row.quality)}`);
  const parts = [`<g data-method="${escapeHtml(name)}" stroke="${color}" fill="${color}">`];
  if (points.length > 1)
    parts.push(`<polyline points="${points.join(" ")}" fill="none" stroke-width="2"/>`);
  for (const row of rows) {
    const at = px(x, costOf(table, row));
    const beside = (Number(at) + (index === 0 ? 0 : DODGE * (index - 2))).toFixed(1);
    const [low, high] = row.interval95;
    parts.push("<g>");
    if (Number.isFinite(low + high)) {
      parts.push(
        `<line x1="${beside}" x2="${beside}" y1="${px(y, low)}" y2="${px(y, high)}" opacity="0.6"/>`,
      );
    }
    parts.push(markPath(MARKS[index % MARKS.length]!, Number(at), Number(px(y, row.quality))));
    parts.push(`<title>${escapeHtml(rowText(table, row))}</title></g>`);
  }
  return [...parts, "</g>"].join("");
}

/** A mark of about 8 units, so that curves are told apart without colors. */
export function markPath(mark: (typeof MARKS)[number], cx: number, cy: number): string {
  const point = (dx: number, dy: number): string =>
    `${(cx + dx).toFixed(1)},${(cy + dy).toFixed(1)}`;
  switch (mark) {
    case "circle":
      return `<circle cx="${cx}" cy="${cy}" r="4"/>`;
    case "square":
      return `<rect x="${(cx - 4).toFixed(1)}" y="${(cy - 4).toFixed(1)}" width="8" height="8"/>`;
    case "diamond":
      return `<polygon points="${[point(0, -5), point(5, 0), point(0, 5), point(-5, 0)].join(" ")}"/>`;
    case "triangle":
      return `<polygon points="${[point(0, -5), point(5, 4), point(-5, 4)].join(" ")}"/>`;
  }
}

export const markOf = (index: number): string => markPath(MARKS[index % MARKS.length]!, 6, 6);

const px = (scale: Scale, value: number): string => scale.place(value).toFixed(1);

const rowText = (table: Table, row: Row): string =>
  `${row.method}, keeps ${budgetText(row.budget)}: ${qualityText(table, row.quality)} (${intervalText(table, row)}) at ${plain(costOf(table, row))} ${costName(table)}`;

const described = (table: Table, rows: readonly Row[]): string =>
  rows.map((row) => rowText(table, row)).join("; ");
