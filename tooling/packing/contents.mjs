/** Says what is wrong with the files of a tarball, given its manifest. */

const UNWANTED = [
  [/\.test(-d)?\.(ts|js|d\.ts|js\.map|d\.ts\.map)$/, "a test"],
  [/^(test|bench|scripts)\//, "a file for development"],
  [/tsconfig.*\.json$|\.tsbuildinfo$/, "a compiler's file"],
  [/(^|\/)(\.env|\.npmrc|node_modules)(\/|$)/, "a private file"],
];
const REQUIRED = ["package.json", "README.md", "LICENSE"];

/** Problems of `files` (paths within the package), as texts. */
export function contentProblems(files, manifest) {
  const present = new Set(files);
  const problems = REQUIRED.filter((path) => !present.has(path)).map(
    (path) => `${path} is missing`,
  );
  for (const path of files) {
    const unwanted = UNWANTED.find(([pattern]) => pattern.test(path));
    if (unwanted) problems.push(`holds ${unwanted[1]}: ${path}`);
  }
  for (const target of targetsOf(manifest)) {
    if (!present.has(target)) problems.push(`${target} is named in the manifest and missing`);
  }
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    if (range.startsWith("workspace:")) problems.push(`${name} still has the range ${range}`);
  }
  return problems;
}

/** Files that the manifest's exports and bin lead to. */
function targetsOf({ exports = {}, bin = {} }) {
  const found = [];
  const visit = (value) => {
    if (typeof value === "string") found.push(value.replace(/^\.\//, ""));
    else for (const inner of Object.values(value ?? {})) visit(inner);
  };
  visit(exports);
  visit(typeof bin === "string" ? { bin } : bin);
  return found.filter((path) => !path.includes("*"));
}
