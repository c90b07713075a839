/**
 * Runs the goldens: `goldens [--dir DIR] [--backend reference,wasm] [--methods NAME,...] [--verbose] [AREA ...]`.
 *
 * Prints for each method how many cases agree, differ (with the first difference) and have no implementation yet; ends
 * with `N passed, N failed, N missing, N differ by design` and exits 1 when anything failed.
 */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasm } from "@frugal/kernels-wasm";
import type { Backend } from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { ADAPTERS } from "./areas/index.js";
import { Area } from "./cases.js";
import { runCase, type Verdict } from "./run-case.js";

const HOME = fileURLToPath(new URL("../../../goldens", import.meta.url));
const BACKENDS: Record<string, () => Backend | Promise<Backend>> = {
  reference: () => referenceBackend(),
  wasm: () => wasm(),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    dir: { type: "string", default: HOME },
    backend: { type: "string", default: "wasm" },
    methods: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

const backends = values.backend.split(",");
const unknown = backends.filter((name) => !(name in BACKENDS));
if (unknown.length)
  stop(`unknown back end: ${unknown.join(", ")} (known: ${Object.keys(BACKENDS).join(", ")})`);
const wanted = values.methods ? new Set(values.methods.split(",")) : undefined;
const areas = positionals.length ? positionals : await areasOf(values.dir);
const differsFile = join(HOME, "differs.json");
const differs = existsSync(differsFile)
  ? (JSON.parse(await readFile(differsFile, "utf8")) as Record<string, string>)
  : {};

const total: Record<Verdict["kind"], number> = { passed: 0, failed: 0, missing: 0, differs: 0 };
for (const name of backends) {
  const backend = await (BACKENDS[name] as () => Backend | Promise<Backend>)();
  process.stdout.write(`back end ${name}: ${backend.report().path}\n`);
  for (const areaName of areas) await runArea(areaName, backend);
  backend.dispose();
}
process.stdout.write(
  `\n${total.passed} passed, ${total.failed} failed, ${total.missing} missing, ${total.differs} differ by design\n`,
);
process.exitCode = total.failed > 0 ? 1 : 0;

async function runArea(areaName: string, backend: Backend): Promise<void> {
  const folder = join(values.dir, areaName);
  if (!existsSync(join(folder, "cases.jsonl"))) stop(`no cases in ${folder}`);
  const area = new Area(folder);
  const adapters = ADAPTERS[areaName] ?? {};
  const byMethod = new Map<string, Verdict[]>();
  const context = { backend, file: (path: string) => area.file(path) };
  const started = performance.now();
  for (const golden of await area.raw()) {
    if (wanted && !wanted.has(golden.method)) continue;
    const verdict = await runCase(golden, area, adapters[golden.method], context, differs);
    total[verdict.kind]++;
    const list = byMethod.get(golden.method) ?? [];
    list.push(verdict);
    byMethod.set(golden.method, list);
  }
  process.stdout.write(`\n${areaName} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  for (const [method, verdicts] of byMethod) printMethod(method, verdicts);
}

function printMethod(method: string, verdicts: readonly Verdict[]): void {
  const count = (kind: Verdict["kind"]) => verdicts.filter((v) => v.kind === kind).length;
  const parts = (["passed", "failed", "missing", "differs"] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${kind}`);
  process.stdout.write(`  ${method.padEnd(28)} ${parts.join(", ")}\n`);
  const shown = verdicts.filter(
    (v) => v.kind === "failed" || (values.verbose && v.kind === "missing"),
  );
  for (const verdict of values.verbose ? shown : shown.slice(0, 3)) {
    process.stdout.write(`    ${verdict.id}: ${verdict.detail}\n`);
  }
}

async function areasOf(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((e) => e.isDirectory() && existsSync(join(dir, e.name, "cases.jsonl")))
    .map((e) => e.name)
    .sort();
}

function stop(message: string): never {
  process.stderr.write(`goldens: ${message}\n`);
  process.exit(2);
}
