/**
 * Packs every published package and uses the tarballs as a stranger would.
 *
 * Use      node tooling/packing/main.mjs   after a build
 * Errors   exit status 1 when a tarball holds what it should not, lacks what it must, or an entry point does not load
 */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { contentProblems } from "./contents.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
/** What proves that the files beside the code were packed: run on the module `it` of an entry point. */
const PROOFS = {
  "@frugal/kernels-wasm": "(await it.wasm()).dispose();",
  "@frugal/reference-models": "await it.heldOutBooks(); await it.scoreItems();",
};
const scratch = mkdtempSync(join(tmpdir(), "frugal-packing-"));

try {
  process.exitCode = checkAll() ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true });
}

function checkAll() {
  const packages = publishedPackages().map(pack);
  for (const { folder, manifest } of packages) linkDependencies(folder, manifest);
  let failed = 0;
  for (const { manifest, problems } of packages) {
    const all = problems.length ? problems : loadProblems(manifest);
    if (all.length) failed++;
    process.stdout.write(`${all.length ? "FAIL" : "ok  "} ${manifest.name}\n`);
    for (const problem of all) process.stdout.write(`       ${problem}\n`);
  }
  process.stdout.write(`${packages.length - failed} passed, ${failed} failed\n`);
  return failed;
}

function publishedPackages() {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(root + group).map((name) => join(root, group, name)))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .filter((folder) => !readManifest(folder).private);
}

/** Packs a folder and unpacks the tarball where Node looks for it by name. */
function pack(folder) {
  const { name } = readManifest(folder);
  const tarball = join(scratch, `${name.replace(/[@/]/g, "-")}.tgz`);
  const target = join(scratch, "node_modules", name);
  mkdirSync(target, { recursive: true });
  run("npx", ["--yes", packageManager, "pack", "--out", tarball], folder);
  const files = run("tar", ["-tzf", tarball], scratch)
    .split("\n")
    .filter((path) => path && !path.endsWith("/"))
    .map((path) => path.replace(/^package\//, ""));
  run("tar", ["-xzf", tarball, "-C", target, "--strip-components=1"], scratch);
  const manifest = readManifest(target);
  return { folder, manifest, problems: contentProblems(files, manifest) };
}

/** Third-party dependencies come from the workspace's own install; those of the workspace are the tarballs. */
function linkDependencies(folder, { dependencies = {} }) {
  for (const name of Object.keys(dependencies)) {
    const target = join(scratch, "node_modules", name);
    if (name.startsWith("@frugal/") || existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(realpathSync(join(folder, "node_modules", name)), target);
  }
}

/** Imports every entry point in a process of its own, without the condition that leads to sources. */
function loadProblems({ name, exports = {} }) {
  return Object.keys(exports).flatMap((subpath) => {
    const specifier = name + subpath.slice(1);
    if (specifier.endsWith("/package.json") || specifier.includes("*")) return [];
    const script = join(scratch, "load.mjs");
    const wanted = subpath.endsWith(".wasm")
      ? `import.meta.resolve(${JSON.stringify(specifier)});`
      : `const it = await import(${JSON.stringify(specifier)}); ${PROOFS[specifier] ?? ""}`;
    writeFileSync(script, wanted);
    const { status, stderr } = spawnSync(process.execPath, [script], {
      cwd: scratch,
      encoding: "utf8",
    });
    const reason = stderr.split("\n").find((line) => /Error/.test(line)) ?? stderr.trim();
    return status === 0 ? [] : [`${specifier} does not load: ${reason}`];
  });
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
