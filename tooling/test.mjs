/**
 * Runs every test of the repository, area by area; `npm test` calls it after the install.
 *
 * Use      node tooling/test.mjs [--all] [AREA ...]   --all adds what `.ci/run` checks besides
 * Units    seconds of wall time for each area
 * Errors   exit status 1 when anything failed or was skipped; the last line reads `N passed, N failed`
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { countsOf, unitCounts } from "./checks/counts.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => `${root}node_modules/.bin/${name}`;
const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
/** No area takes this long unless it hangs. */
const LIMIT_MS = 15 * 60_000;

/** Each gives `{ passed, failed }`. `extra` areas run with --all only; a failed build ends the run. */
const AREAS = [
  { name: "build", run: build },
  { name: "unit", run: unit },
  { name: "goldens", run: () => counted(process.execPath, ["tooling/goldens/dist/main.js"]) },
  { name: "browser", run: () => counted(process.execPath, ["tooling/browser/run.mjs"]) },
  { name: "lint", extra: true, run: () => whole(bin("biome"), ["check", "."]) },
  { name: "types", extra: true, run: () => whole(bin("tsc"), ["-p", "tsconfig.json"]) },
  {
    name: "checks",
    extra: true,
    run: () => counted(process.execPath, ["tooling/checks/main.mjs"]),
  },
  {
    name: "docs",
    extra: true,
    run: () => counted(process.execPath, ["tooling/readme-run/main.mjs"]),
  },
  {
    name: "packing",
    extra: true,
    run: () => counted(process.execPath, ["tooling/packing/main.mjs"]),
  },
];

const words = process.argv.slice(2);
const named = words.filter((word) => !word.startsWith("--"));
const unknown = words.filter(
  (word) => word !== "--all" && !AREAS.some(({ name }) => name === word),
);
if (unknown.length) {
  process.stderr.write(
    `unknown: ${unknown.join(", ")}\nareas: ${AREAS.map(({ name }) => name).join(", ")}\n`,
  );
  process.exit(2);
}

const rows = [];
for (const { name, extra, run } of AREAS) {
  if (named.length ? !named.includes(name) : extra && !words.includes("--all")) continue;
  process.stdout.write(`\n== ${name}\n`);
  const started = performance.now();
  const result = await run();
  rows.push({ name, seconds: (performance.now() - started) / 1000, ...result });
  if (name === "build" && result.failed) break;
}
summarize();

function summarize() {
  process.stdout.write("\n");
  for (const { name, seconds, passed, failed, note } of rows) {
    const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed`;
    process.stdout.write(
      `${name.padEnd(9)}${counts} ${seconds.toFixed(1).padStart(7)} s${note ? `  ${note}` : ""}\n`,
    );
  }
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  process.stdout.write(`total ${sum("seconds").toFixed(1)} s\n`);
  process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
  process.exitCode = sum("failed") ? 1 : 0;
}

/** Turbo looks for pnpm on the path; npx puts it there. */
function build() {
  const turbo = ["turbo", "run", "build", "--output-logs=errors-only", "--no-update-notifier"];
  return whole("npx", ["--yes", packageManager, "exec", ...turbo]);
}

/** Every vitest file. A skipped test, a file that does not load and an unhandled error are failures. */
async function unit() {
  const folder = `${root}node_modules/.cache/test/`;
  const file = `${folder}vitest.json`;
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const { status } = await stream(bin("vitest"), ["run", "--allowOnly=false", ...reporters]);
  if (!existsSync(file)) return { passed: 0, failed: 1, note: "vitest wrote no report" };
  return unitCounts(JSON.parse(readFileSync(file, "utf8")), status);
}

/** A program whose last line begins with `N passed, N failed`. */
async function counted(command, args) {
  const script = args[0];
  if (!existsSync(`${root}${script}`))
    return { passed: 0, failed: 1, note: `${script} is missing` };
  const { status, lastLine } = await stream(command, args);
  return countsOf(lastLine, status);
}

/** A program that passes or fails as a whole. */
async function whole(command, args) {
  const { status } = await stream(command, args);
  return status === 0
    ? { passed: 1, failed: 0 }
    : { passed: 0, failed: 1, note: `ended with ${status}` };
}

/** Runs a program and passes its output on; gives its exit status and the last line it printed. */
function stream(command, args) {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" };
  const child = spawn(command, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
  let tail = "";
  child.stdout.on("data", (chunk) => {
    process.stdout.write(chunk);
    tail = (tail + chunk).slice(-4096);
  });
  return new Promise((resolve) => {
    child.on("error", ({ message }) => {
      clearTimeout(timer);
      process.stderr.write(`${command}: ${message}\n`);
      resolve({ status: 127, lastLine: "" });
    });
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status: status ?? signal, lastLine: tail.trimEnd().split("\n").at(-1) ?? "" });
    });
  });
}
