/** `frugal demo`: a story, three tables, a report. Nothing is downloaded. */
import { resolve } from "node:path";
import type { Report, Table } from "@frugal/evaluate";
import { Command } from "commander";
import { DEMO_TASKS } from "../demo/job.js";
import { tellStory } from "../demo/story.js";
import { runJobs } from "../demo/threads.js";
import { machine } from "../host.js";
import type { Io } from "../io.js";
import { atLeastOne } from "../options.js";
import { openCommand, writeReport } from "../report-files.js";
import { printTable, progressOn } from "../terminal.js";

interface DemoFlags {
  readonly pictures: number;
  readonly prompts: number;
  readonly texts: number;
  readonly threads?: number;
  readonly out: string;
}

export function demoCommand(io: Io): Command {
  return new Command("demo")
    .description("show on the bundled models what fewer tokens cost in quality (about a minute)")
    .option("--pictures <n>", "pictures with three questions each", atLeastOne, 48)
    .option("--prompts <n>", "long prompts with a fact to recall", atLeastOne, 24)
    .option("--texts <n>", "texts to go on with", atLeastOne, 12)
    .option(
      "--threads <n>",
      "tables measured at once, 1 or 2 (default: 2 where there are two cores)",
      atLeastOne,
    )
    .option("--out <folder>", "where the report goes", "report")
    .action((flags: DemoFlags) => demo(flags, io));
}

async function demo(flags: DemoFlags, io: Io): Promise<void> {
  await tellStory(io);
  const samples = { vqa: flags.pictures, recall: flags.prompts, speculation: flags.texts };
  const jobs = DEMO_TASKS.map((task) => ({ task, samples: samples[task] }));
  const progress = progressOn(io);
  const results = await runJobs(
    jobs,
    io,
    (task, done, total) => progress.tell(task, done, total),
    flags.threads,
  );
  progress.end();
  for (const { table } of results) printTable(table, io);
  const report: Report = {
    title: "Frugal: what fewer tokens cost in quality",
    command: "frugal demo",
    machine: { ...machine(), path: results[0]?.path ?? "" },
    tables: results.map(({ table }) => table),
  };
  const page = await writeReport(report, resolve(io.cwd, flags.out));
  io.out.write(`\n${conclusion(report.tables)}\n`);
  io.out.write(`The report with its curves:\n\n  ${openCommand(page, io.cwd)}\n`);
}

/** What the tables say about chance, in a sentence. */
export function conclusion(tables: readonly Table[]): string {
  const lost = tables.filter(({ rows }) =>
    rows.some(({ method, versusFull }) => method === "random" && versusFull?.isWorse),
  );
  const names = lost.map(({ task }) => task).join(" and ");
  if (lost.length === 0)
    return "Tokens kept at random did as well as all of them: the samples are too few.";
  return `Tokens kept at random answer significantly worse than all of them in ${names}; the methods above say how much of that they win back.`;
}
