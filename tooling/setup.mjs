/**
 * Prepares a fresh clone and runs one job on it; the scripts of the root package call it.
 *
 * Use      node tooling/setup.mjs demo | test | run PACKAGE FILE [ARGUMENT ...]
 * Needs    Node 20 and npm; pnpm is taken through npx in the version that package.json pins
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";

const root = new URL("..", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** Installs when the lock file is newer than the last install or the scope grew. */
function install(filter) {
  const marker = `${root}node_modules/.modules.yaml`;
  const lock = `${root}pnpm-lock.yaml`;
  const scope = filter ? [`${root}apps/cli/node_modules`] : [`${root}tooling/browser/node_modules`];
  const isFresh =
    [marker, ...scope].every((path) => existsSync(path)) &&
    statSync(marker).mtimeMs >= statSync(lock).mtimeMs;
  if (isFresh) return;
  const filters = filter ? ["--filter", filter, "--filter", "frugal"] : [];
  const pnpm = [
    "--yes",
    manifest.packageManager,
    "install",
    "--frozen-lockfile",
    "--prefer-offline",
  ];
  run("npx", [...pnpm, "--reporter=append-only", ...filters]);
}

/** Through pnpm, because turbo looks for the package manager on the PATH. */
const build = (filter) =>
  run(
    "npx",
    [
      "--yes",
      manifest.packageManager,
      "exec",
      "turbo",
      "run",
      "build",
      "--output-logs=errors-only",
      "--no-update-notifier",
      `--filter=${filter}...`,
    ],
    { env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" } },
  );

const [job, ...rest] = process.argv.slice(2);
if (job === "demo") {
  install("@frugal/cli...");
  build("@frugal/cli");
  run(process.execPath, [`${root}apps/cli/dist/main.js`, "demo", ...rest]);
} else if (job === "test") {
  install();
  run(process.execPath, [`${root}tooling/test.mjs`, ...rest]);
} else if (job === "run") {
  const [name, file, ...args] = rest;
  install();
  build(name);
  run(process.execPath, [`${root}${file}`, ...args]);
} else {
  process.stderr.write("usage: setup.mjs demo | test | run PACKAGE FILE [ARGUMENT ...]\n");
  process.exit(2);
}
