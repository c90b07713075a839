/**
 * Checks the tree against the house rules: `checks [--write] [RULE ...]`.
 *
 * Use      node tooling/checks/main.mjs --write   makes the generated files first
 * Errors   exit status 1 when a rule found anything but warnings
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { docHeaders } from "./rules/doc-headers.mjs";
import { rootExports } from "./rules/export-lists.mjs";
import { fileLength } from "./rules/file-length.mjs";
import { fileSet } from "./rules/file-set.mjs";
import { forbiddenCode } from "./rules/forbidden-code.mjs";
import { generated, generatedFiles } from "./rules/generated.mjs";
import { importDirection } from "./rules/import-direction.mjs";
import { machineTraces } from "./rules/machine-traces.mjs";
import { workingTree } from "./tree.mjs";

const RULES = [
  docHeaders,
  fileSet,
  importDirection,
  forbiddenCode,
  rootExports,
  generated,
  fileLength,
  machineTraces,
];

const root = fileURLToPath(new URL("../../", import.meta.url));
const words = process.argv.slice(2);
const wanted = words
  .filter((word) => !word.startsWith("--"))
  .map((word) => word.replaceAll("-", " "));
const unknown = wanted.filter((word) => !RULES.some(({ name }) => name === word));
if (unknown.length || words.some((word) => word.startsWith("--") && word !== "--write")) {
  process.stderr.write(
    `usage: checks [--write] [RULE ...]\nrules: ${RULES.map((r) => r.name.replaceAll(" ", "-")).join(", ")}\n`,
  );
  process.exit(2);
}

if (words.includes("--write")) writeGenerated();
process.exitCode = report(workingTree(root)) ? 1 : 0;

function writeGenerated() {
  const tree = workingTree(root);
  for (const [path, text] of generatedFiles(tree)) {
    if (tree.has(path) && tree.text(path) === text) continue;
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text);
    process.stdout.write(`wrote ${path}\n`);
  }
}

/** Prints what each rule found; gives the number of rules that failed. */
function report(tree) {
  const rules = RULES.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  let failed = 0;
  for (const { name, run } of rules) {
    const findings = run(tree);
    const errors = findings.filter(({ isWarning }) => !isWarning);
    if (errors.length) failed++;
    process.stdout.write(`${errors.length ? "FAIL" : "ok  "} ${name}\n`);
    for (const { path, line, problem, isWarning } of findings) {
      process.stdout.write(
        `     ${isWarning ? "warning: " : ""}${path}${line ? `:${line}` : ""} ${problem}\n`,
      );
    }
  }
  process.stdout.write(`${rules.length - failed} passed, ${failed} failed\n`);
  return failed;
}
