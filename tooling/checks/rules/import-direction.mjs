/** Holds imports to their direction: lower levels only, public entry points only, declared dependencies only. */
import { posix } from "node:path";
import { importsOf } from "../syntax.mjs";
import { isTest, manifests } from "../tree.mjs";

const LEVELS = {
  tensor: 1,
  "reference-models": 1,
  tokenizers: 2,
  "vision-token-pruning": 2,
  "kv-cache": 2,
  speculative: 2,
  prompt: 2,
  "kernels-wasm": 2,
  "kernels-webgpu": 2,
  runtime: 3,
  onnx: 3,
  evaluate: 3,
};
/** What every package may use in its tests without declaring it: the root does. */
const TEST_TOOLS = new Set(["vitest", "fast-check"]);
const SOURCES = /^((packages|apps|tooling|examples)\/[^/]+|bench)\/.+\.(ts|mts|mjs)$/;

export const importDirection = {
  name: "import direction",
  run(tree) {
    const byFolder = manifests(tree);
    const byName = new Map([...byFolder.values()].map((manifest) => [manifest.name, manifest]));
    return tree.match(SOURCES).flatMap((path) => {
      const [folder] = path.match(/^(bench|[^/]+\/[^/]+)/);
      const manifest = byFolder.get(folder);
      if (!manifest || path.includes("/fixtures/") || /^packages\/[^/]+\/assembly\//.test(path))
        return [];
      const from = { path, folder, manifest, isTest: isTest(path) || !path.includes("/src/") };
      return importsOf(tree, path).flatMap((found) =>
        problemsOf(from, found, byName).map((problem) => ({ path, line: found.line, problem })),
      );
    });
  },
};

function problemsOf(from, found, byName) {
  const { specifier } = found;
  if (specifier.startsWith("node:") || specifier.startsWith("data:")) return [];
  if (specifier.startsWith(".")) return relativeProblems(from, specifier);
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const problems = declarationProblems(from, name);
  const target = byName.get(name);
  if (!name.startsWith("@frugal/")) return problems;
  if (!target) return [...problems, `${name} is no package of this workspace`];
  const subpath = `.${specifier.slice(name.length)}`;
  if (name !== from.manifest.name && !(subpath in (target.exports ?? {}))) {
    problems.push(`${specifier} is no entry point of ${name}`);
  }
  return [...problems, ...levelProblems(from, found, name)];
}

function relativeProblems({ path, folder, isTest: inTest }, specifier) {
  const target = posix.join(posix.dirname(path), specifier);
  if (target.startsWith(`${folder}/`)) return [];
  if (inTest && !target.startsWith("packages/")) return [];
  return [`${specifier} leaves the package; import it by name`];
}

function declarationProblems({ manifest, isTest: inTest, folder }, name) {
  if (name === manifest.name) return [];
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest;
  if (name in dependencies || name in peerDependencies) return [];
  if (inTest && (name in devDependencies || TEST_TOOLS.has(name))) return [];
  if (folder.startsWith("tooling/") && name === "typescript") return [];
  return [`${name} is not among the ${inTest ? "" : "run-time "}dependencies of ${manifest.name}`];
}

function levelProblems(from, { specifier, isType, isDynamic }, name) {
  if (!from.folder.startsWith("packages/") || name === from.manifest.name) return [];
  const own = from.folder.slice("packages/".length);
  const other = name.slice("@frugal/".length);
  const [level, below] = [LEVELS[own], LEVELS[other]];
  if (level === undefined) return [`${own} has no level; add it to the table of levels`];
  if (below === undefined) return [`${other} may not be imported by a package`];
  if (other === "reference-models") {
    return own === "evaluate" || from.isTest
      ? []
      : ["only evaluate, apps and tests import reference-models"];
  }
  if (own === "reference-models" && other === "tensor") return [];
  if (below >= level) return [`${own} (level ${level}) may not import ${other} (level ${below})`];
  if (own === "tokenizers" && specifier !== "@frugal/tensor/errors" && !from.isTest) {
    return ["tokenizers takes nothing from tensor but its errors"];
  }
  if (own === "runtime" && other.startsWith("kernels-") && !isDynamic && !isType && !from.isTest) {
    return [`${other} must be imported dynamically`];
  }
  return [];
}
