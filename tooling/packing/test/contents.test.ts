import { expect, test } from "vitest";

const { contentProblems } = (await import(new URL("../contents.mjs", import.meta.url).href)) as {
  contentProblems(files: readonly string[], manifest: object): readonly string[];
};

const FILES = [
  "package.json",
  "README.md",
  "LICENSE",
  "dist/index.js",
  "dist/index.d.ts",
  "src/index.ts",
];
const MANIFEST = {
  exports: {
    ".": {
      "@frugal/source": "./src/index.ts",
      types: "./dist/index.d.ts",
      default: "./dist/index.js",
    },
  },
  dependencies: { "@frugal/tensor": "^0.1.0" },
};

test("a whole package has no problems", () => {
  expect(contentProblems(FILES, MANIFEST)).toEqual([]);
});

test.each([
  ["src/a.test.ts", "holds a test"],
  ["dist/a.test.js", "holds a test"],
  ["dist/a.test.d.ts", "holds a test"],
  ["test/a.ts", "for development"],
  ["tsconfig.build.json", "compiler's file"],
  [".npmrc", "private file"],
])("%s must not be packed", (path, problem) => {
  expect(contentProblems([...FILES, path], MANIFEST).join()).toContain(problem);
});

test.each(FILES)("%s must be packed", (path) => {
  const rest = FILES.filter((other) => other !== path);
  expect(contentProblems(rest, MANIFEST)).toEqual([expect.stringContaining(path)]);
});

test("a command and a range of the workspace are looked at too", () => {
  expect(contentProblems(FILES, { ...MANIFEST, bin: { frugal: "./dist/main.js" } })).toEqual([
    "dist/main.js is named in the manifest and missing",
  ]);
  expect(contentProblems(FILES, { dependencies: { x: "workspace:^" } })).toEqual([
    "x still has the range workspace:^",
  ]);
});
