/**
 * Asks one question of the packages: `bench QUESTION [--runs N] [--quick]`; without a question it lists them.
 *
 * Each question runs in a process of its own for every Node it is asked on, rivals and ours interleaved in that process;
 * results go to `bench/results/QUESTION.json` with the machine they were measured on.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { RUNTIMES, runIn } from "./runtimes.js";

const QUESTIONS: Readonly<Record<string, string>> = {
  model: "fables and f32 products against onnxruntime-web (wasm, one thread)",
  tokenizers: "o200k against the JavaScript tokenizers found in FRUGAL_RIVALS",
  vocabularies: "what known vocabularies cost, on texts of FRUGAL_DATA and in its languages",
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string", default: "7" }, only: { type: "string" } },
});
const [question] = positionals;
if (question === undefined || !(question in QUESTIONS)) {
  const lines = Object.entries(QUESTIONS).map(([name, what]) => `  ${name.padEnd(12)} ${what}`);
  process.stdout.write(`usage: bench QUESTION [--runs N] [--only RUNTIME]\n${lines.join("\n")}\n`);
  process.exit(question === undefined ? 0 : 2);
}

const chosen = RUNTIMES.filter(({ name }) => values.only === undefined || name === values.only);
const results = [];
for (const runtime of chosen) {
  const result = await runIn(runtime, question, Number(values.runs));
  results.push({ runtime: runtime.name, ...result });
}
const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryBytes: totalmem(),
};
const folder = new URL("../results/", import.meta.url);
await mkdir(folder, { recursive: true });
await writeFile(
  new URL(`${question}.json`, folder),
  `${JSON.stringify({ question, machine, results }, null, 2)}\n`,
);
