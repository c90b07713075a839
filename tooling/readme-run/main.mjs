/**
 * Runs and type-checks the TypeScript blocks of the READMEs and the docs, against the built packages.
 *
 * Use      node tooling/readme-run/main.mjs [FILE.md ...]
 * Errors   exit status 1 when a block does not type-check, fails, or prints what it does not say
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { blocksOf, differenceOf, expectedOutput } from "./blocks.mjs";
import { compiled, typeErrors } from "./types.mjs";

const LIMIT_MS = 120_000;
const PAGES = [
  "README.md",
  "CONTRIBUTING.md",
  "packages/*/README.md",
  "apps/*/README.md",
  "examples/*/README.md",
  "docs/*.md",
  "docs/**/*.md",
];

const root = fileURLToPath(new URL("../../", import.meta.url));
// Below node_modules, so that git does not see it and imports resolve as a user's do.
const scratch = `${root}node_modules/.cache/readme-run/`;
const pages = process.argv.length > 2 ? process.argv.slice(2) : trackedPages();
const blocks = pages.flatMap((page) =>
  blocksOf(readFileSync(root + page, "utf8")).map((block) => ({ page, ...block })),
);

mkdirSync(scratch, { recursive: true });
const wrongTypes = typeErrors(root, blocks);
let failed = 0;
blocks.forEach((block, index) => {
  const started = performance.now();
  const problem =
    wrongTypes[index].join("\n       ") || (block.isRun ? runProblem(block, index) : "");
  if (problem) failed++;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const what = block.isRun ? `run, ${seconds} s` : "types";
  process.stdout.write(`${problem ? "FAIL" : "ok  "} ${block.page}:${block.line} (${what})\n`);
  if (problem) process.stdout.write(`       ${problem}\n`);
});
rmSync(scratch, { recursive: true });
process.stdout.write(`${blocks.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed ? 1 : 0;

function runProblem({ code }, index) {
  const expected = expectedOutput(code);
  if (expected.length === 0) return "a block that runs must say what it prints (// => ...)";
  const file = `${scratch}block-${index}.mjs`;
  writeFileSync(file, compiled(code));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [file], {
    cwd: root,
    encoding: "utf8",
    timeout: LIMIT_MS,
  });
  if (signal) return `was ended by ${signal} after ${LIMIT_MS / 1000} s`;
  if (status !== 0)
    return `exits with ${status}: ${stderr.trim().split("\n").slice(0, 8).join("\n       ")}`;
  return differenceOf(expected, stdout) ?? "";
}

function trackedPages() {
  const globs = PAGES.map((page) => `:(glob)${page}`);
  const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "--", ...globs], {
    cwd: root,
    encoding: "utf8",
  });
  return [...new Set(listed.split("\n"))].filter(Boolean).sort();
}
