/** Numbers as reports print them. */
import type { Row, Table } from "../types.js";

export function qualityText({ quality }: Table, value: number): string {
  if (!Number.isFinite(value)) return "-";
  return quality.isShare ? `${(100 * value).toFixed(1)} %` : value.toFixed(3);
}

export function intervalText(table: Table, { interval95: [low, high] }: Row): string {
  return `${qualityText(table, low)} to ${qualityText(table, high)}`;
}

export const budgetText = (budget: number | null): string =>
  budget === null ? "-" : `${Number((100 * budget).toFixed(2))} %`;

/** A number of about three digits. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** What the comparison with the full model says, in a few words. */
export function verdictText({ quality }: Table, { versusFull }: Row): string {
  if (!versusFull) return "the full model";
  const { p, isWorse, better, worse } = versusFull;
  const chance = p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(3)}`;
  if (isWorse) return `${quality.better === "higher" ? "below" : "above"} full, ${chance}`;
  if (better === 0 && worse === 0) return "same answers as full";
  return `no clear difference, ${chance}`;
}

/** `tokensPerStep` as people write it. */
export const wordsOf = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
