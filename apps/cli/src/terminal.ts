/** Tables and progress for a terminal; plain text where there is none. */
import type { Row, Table } from "@frugal/evaluate";
import TerminalTable from "cli-table3";
import { hasColor, type Io } from "./io.js";

const RED = "\u001b[31m";
const RESET = "\u001b[0m";

export function printTable(table: Table, io: Io): void {
  const paint = hasColor(io, io.out);
  const details = Object.keys(table.rows[0]?.details ?? {}).filter((name) => name in SHOWN);
  const head = [
    "method",
    "keeps",
    table.quality.name,
    "95 % interval",
    table.cost,
    "ms",
    ...details.map((name) => SHOWN[name]!),
    "against full",
  ];
  const text = emptyTable(head, ["left", ...head.slice(2).map(() => "right" as const), "left"], io);
  for (const row of table.rows) {
    const verdict = versus(row, table);
    text.push([
      row.method,
      row.budget === null ? "-" : percent(row.budget),
      quality(row.quality, table),
      `${quality(row.interval95[0], table)} .. ${quality(row.interval95[1], table)}`,
      row.tokensProcessed.toFixed(0),
      row.ms.toFixed(1),
      ...details.map((name) => (row.details[name] ?? Number.NaN).toFixed(2)),
      paint && row.versusFull?.isWorse ? `${RED}${verdict}${RESET}` : verdict,
    ]);
  }
  const samples = table.rows[0]?.samples ?? 0;
  io.out.write(`\n${table.title}\n`);
  io.out.write(
    `${table.model}: ${table.items.count} ${table.items.name}, ${samples} samples a row; ${table.quality.better} is better\n`,
  );
  io.out.write(`${text.toString()}\n`);
  for (const { method, budget, reason } of table.refusals) {
    io.out.write(
      `${method}${budget === null ? "" : ` at ${percent(budget)}`} refused: ${reason}\n`,
    );
  }
}

export function emptyTable(
  head: readonly string[],
  colAligns: readonly ("left" | "right")[],
  io: Io,
): TerminalTable.Table {
  const style = hasColor(io, io.out)
    ? { head: ["bold"], border: ["gray"] }
    : { head: [], border: [] };
  return new TerminalTable({ head: [...head], colAligns: [...colAligns], chars: NO_LINES, style });
}

/** Rows stand close: no lines between them. */
const NO_LINES = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** Details that fit a terminal; the report has them all. */
const SHOWN: Readonly<Record<string, string>> = { tokensPerStep: "tokens a step", f1: "F1" };

const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

function quality(value: number, { quality }: Table): string {
  if (!Number.isFinite(value)) return "-";
  return quality.isShare ? `${(100 * value).toFixed(1)} %` : value.toFixed(3);
}

function versus({ versusFull }: Row, { quality }: Table): string {
  if (!versusFull) return "";
  const { better, worse, p, isWorse } = versusFull;
  if (isWorse) {
    const word = quality.better === "higher" ? "below" : "above";
    return `${word} (p ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`})`;
  }
  return better + worse === 0 ? "same" : `no clear difference (p = ${p.toFixed(2)})`;
}

export interface Progress {
  /** `share` of the whole that is done, 0..1. */
  tell(what: string, done: number, total: number): void;
  end(): void;
}

/** One line that is written over at a terminal; elsewhere a line a tenth. */
export function progressOn({ err }: Io): Progress {
  const told = new Map<string, number>();
  const now = new Map<string, string>();
  return {
    tell(what, done, total) {
      if (err.isTerminal) {
        now.set(what, `${what} ${done}/${total}`);
        err.write(`\r\u001b[K${[...now.values()].join("   ")}`);
        return;
      }
      const tenth = Math.floor((10 * done) / total);
      if (told.get(what) === tenth) return;
      told.set(what, tenth);
      err.write(`${what} ${done}/${total}\n`);
    },
    end() {
      if (err.isTerminal && now.size > 0) err.write("\r\u001b[K");
      now.clear();
    },
  };
}
