/** Holds a method to its set of files (source, test, row in the README) and a package to its README. */
import { manifests, methodFiles } from "../tree.mjs";

export const fileSet = {
  name: "file sets",
  run(tree) {
    return [
      ...methodFiles(tree).flatMap((method) => methodProblems(tree, method)),
      ...[...manifests(tree)].flatMap(([folder, manifest]) =>
        packageProblems(tree, folder, manifest),
      ),
    ];
  },
};

function methodProblems(tree, { path, packageName, group, name }) {
  const test = path.replace(/\.ts$/, ".test.ts");
  const readme = `packages/${packageName}/README.md`;
  const problems = [];
  if (!tree.has(test)) problems.push(`has no test beside it (${name}.test.ts)`);
  if (!tree.has(readme) || !tree.text(readme).includes(`(src/${group}/${name}.ts)`)) {
    problems.push(`has no row in ${readme} that links src/${group}/${name}.ts`);
  }
  return problems.map((problem) => ({ path, problem }));
}

function packageProblems(tree, folder, manifest) {
  if (manifest.private || !folder.startsWith("packages/")) return [];
  const path = `${folder}/package.json`;
  const problems = [];
  if (!tree.has(`${folder}/README.md`)) problems.push("the package has no README.md");
  if (manifest.license !== "Apache-2.0") problems.push("license must be Apache-2.0");
  if (manifest.sideEffects !== false) problems.push("sideEffects must be false");
  if (manifest.type !== "module") problems.push("type must be module");
  if (!manifest.description) problems.push("description is missing");
  return problems.map((problem) => ({ path, problem }));
}
