/** `frugal eval`: quality against cost, for any methods, budgets and model; or the published scores again. */
import { resolve } from "node:path";
import { type Report, reportJson, scores, type Table } from "@frugal/evaluate";
import type { LanguageModel } from "@frugal/runtime";
import { type Backend, ConformanceError } from "@frugal/tensor";
import { Command, Option } from "commander";
import { usage } from "../failure.js";
import { machine } from "../host.js";
import type { Io } from "../io.js";
import { BACKENDS, type BackendName, openBackend, openModel } from "../models.js";
import { atLeastOne, shares, words } from "../options.js";
import { openCommand, writeReport } from "../report-files.js";
import { checkMethods, MODEL_OF, presenceHead, TASKS, type TaskName, tableOf } from "../tables.js";
import { printTable, progressOn } from "../terminal.js";

interface EvalFlags {
  readonly tasks: readonly string[];
  readonly methods?: readonly string[];
  readonly budgets: readonly number[];
  readonly samples?: number;
  readonly model?: string;
  readonly scores?: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly backend: BackendName;
}

/** Items a table is made of, unless --samples says otherwise. */
const DEFAULT_SAMPLES = 32;

export function evalCommand(io: Io): Command {
  return new Command("eval")
    .description("measure quality against cost")
    .option("--tasks <names>", `of ${TASKS.join(", ")}`, words, ["vqa", "recall", "speculation"])
    .option(
      "--methods <names>",
      "names, and files that export a method (default: every method)",
      words,
    )
    .option("--budgets <shares>", "shares of the tokens that stay", shares, [0.25, 0.125])
    .option(
      "--samples <n>",
      `pictures, prompts or windows (default: ${DEFAULT_SAMPLES}; with --scores 512)`,
      atLeastOne,
    )
    .option("--model <place>", "measure this model instead of the one a task is made for")
    .option(
      "--scores",
      "answer what was published with the reference models, and compare item by item",
    )
    .option("--out <folder>", "write index.html, results.json and results.md there")
    .option("--json", "print JSON instead of tables")
    .addOption(new Option("--backend <name>", "where it runs").choices(BACKENDS).default("wasm"))
    .action((flags: EvalFlags) => evaluate(flags, io));
}

async function evaluate(flags: EvalFlags, io: Io): Promise<void> {
  const tasks = flags.tasks.map(taskNamed);
  checkMethods(flags.methods);
  const backend = await openBackend(flags.backend);
  const models = new Models(backend, io);
  try {
    if (flags.scores) await again(flags, models, io);
    else await tables(tasks, flags, models, io);
  } finally {
    models.dispose();
    backend.dispose();
  }
}

async function tables(
  tasks: readonly TaskName[],
  flags: EvalFlags,
  models: Models,
  io: Io,
): Promise<void> {
  const progress = progressOn(io);
  const made: Table[] = [];
  for (const task of tasks) {
    const table = await tableOf(task, await models.get(flags.model ?? MODEL_OF[task]), {
      keepRatios: flags.budgets,
      samples: flags.samples ?? DEFAULT_SAMPLES,
      methods: flags.methods,
      cwd: io.cwd,
      signal: io.signal,
      onProgress: (done, total) => progress.tell(task, done, total),
    });
    progress.end();
    made.push(table);
    if (!flags.json) printTable(table, io);
  }
  const report: Report = {
    title: "Quality against cost",
    command: commandOf(tasks, flags),
    machine: { ...machine(), path: models.backend.report().path },
    tables: made,
  };
  if (flags.json) io.out.write(reportJson(report));
  if (flags.out === undefined) return;
  const page = await writeReport(report, resolve(io.cwd, flags.out));
  io.err.write(`\n${openCommand(page, io.cwd)}\n`);
}

/** What gives this report again. */
function commandOf(tasks: readonly TaskName[], flags: EvalFlags): string {
  const samples = flags.samples ?? DEFAULT_SAMPLES;
  const parts = [`frugal eval --tasks ${tasks.join(",")} --samples ${samples}`];
  parts.push(`--budgets ${flags.budgets.join(",")}`);
  if (flags.methods) parts.push(`--methods ${flags.methods.join(",")}`);
  if (flags.model) parts.push(`--model ${flags.model}`);
  if (flags.backend !== "wasm") parts.push(`--backend ${flags.backend}`);
  return parts.join(" ");
}

async function again(flags: EvalFlags, models: Models, io: Io): Promise<void> {
  const progress = progressOn(io);
  const report = await scores(
    {
      fables: await models.get("fables"),
      fablesDraft: await models.get("fables-draft"),
      scenes: await models.get("scenes"),
      presenceHead: await presenceHead(models.backend),
    },
    {
      ...(flags.samples === undefined ? {} : { samples: flags.samples }),
      signal: io.signal,
      onProgress: (what, done, total) => progress.tell(what, done, total),
    },
  );
  progress.end();
  if (flags.json) io.out.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    for (const {
      task,
      model,
      items,
      differing,
      score,
      published,
      agrees,
      examples,
    } of report.comparisons) {
      const mark = agrees ? "agrees" : "DIFFERS";
      const share = `${differing} of ${items} items differ`;
      io.out.write(
        `${mark}  ${model}, ${task}: ${score.toFixed(4)}, published ${published.toFixed(4)}; ${share}\n`,
      );
      for (const { item, said, expected } of examples) {
        io.out.write(`    ${item}: '${said}', published '${expected}'\n`);
      }
    }
  }
  if (!report.agrees) throw new ConformanceError("eval --scores", "answers as published", "-");
}

const taskNamed = (name: string): TaskName => {
  const task = TASKS.find((one) => one === name);
  if (task) return task;
  throw usage(`no task is called '${name}'; there are: ${TASKS.join(", ")}`);
};

/** Each model is loaded once. */
class Models {
  readonly backend: Backend;
  readonly #io: Io;
  readonly #loaded = new Map<string, LanguageModel>();

  constructor(backend: Backend, io: Io) {
    this.backend = backend;
    this.#io = io;
  }

  async get(name: string): Promise<LanguageModel> {
    const model = this.#loaded.get(name) ?? (await openModel(name, this.backend, this.#io));
    this.#loaded.set(name, model);
    return model;
  }

  dispose(): void {
    for (const model of this.#loaded.values()) model.dispose();
  }
}
