import { expect, test } from "vitest";
import { findings, manifest, problems } from "./load.js";

const code = (text: string, path = "packages/tensor/src/a.ts") =>
  problems("forbidden-code", "forbiddenCode", { [path]: text });

test.each([
  ['throw new Error("x");', "plain Error"],
  ['throw RangeError("x");', "plain RangeError"],
  ["const f = () => { console.log(1); };", "console"],
  ["const f = () => Math.random();", "Math.random"],
  ["const f = () => Date.now();", "clock"],
  ["const f = () => new Date();", "clock"],
  ["const f = () => performance.now();", "performance.now"],
  ["let count = 0;", "mutable state"],
  ["export var count = 0;", "mutable state"],
])("%s is found", async (text, problem) => {
  expect((await code(text)).join("\n")).toContain(problem);
});

test.each([
  'throw new ArgumentError("a", "b", "c", 1);',
  "const isError = x instanceof Error;",
  "class FrugalError extends Error {}",
  'const text = "console.log(Math.random())"; // new Error("x")',
  "const f = () => { let count = 0; return count; };",
  "const draw = random(1);",
])("%s is allowed", async (text) => {
  expect(await code(text)).toEqual([]);
});

test("tests may use plain errors, the runtime may take the time", async () => {
  expect(await code('throw new Error("x");', "packages/tensor/src/a.test.ts")).toEqual([]);
  expect(await code("const t = performance.now();", "packages/runtime/src/a.ts")).toEqual([]);
});

test("a long file warns, a very long one fails", async () => {
  const found = async (lines: number, path: string) =>
    findings("file-length", "fileLength", { [path]: "x;\n".repeat(lines) });
  expect(await found(250, "packages/tensor/src/a.ts")).toEqual([]);
  expect(await found(251, "packages/tensor/src/a.ts")).toMatchObject([{ isWarning: true }]);
  expect(await found(400, "packages/tensor/src/a.ts")).toMatchObject([{ isWarning: true }]);
  expect((await found(401, "packages/tensor/src/models/a.ts"))[0]).not.toHaveProperty("isWarning");
  expect(await found(900, "packages/tensor/src/unicode-data.ts")).toEqual([]);
});

test("traces of a machine are found, in any text file", async () => {
  const found = (text: string, path = "README.md") =>
    problems("machine-traces", "machineTraces", { [path]: text });
  const folder = ["", "home", "me", "frugal"].join("/");
  const host = ["registry", "npmjs", "org"].join(".");
  expect((await found(`cd ${folder}`)).join()).toContain("a path of a machine");
  expect((await found(`"${folder}"`, "a.json")).join()).toContain("a path of a machine");
  expect((await found(`https://${host}/x`)).join()).toContain("a registry host");
  expect(await found("see https://example.org/home/page and packages/root/x")).toEqual([]);
  expect(await found(`\0${folder}`)).toEqual([]);
});

const METHOD = "packages/kv-cache/src/scorers/snapkv.ts";
const SET = {
  "packages/kv-cache/package.json": manifest("kv-cache"),
  "packages/kv-cache/README.md": "| [snapkv](src/scorers/snapkv.ts) |",
  [METHOD]: "",
  "packages/kv-cache/src/scorers/snapkv.test.ts": "",
};

test("a method needs a test and a row, a package its README and a whole manifest", async () => {
  const found = async (files: Record<string, string>, without?: string) => {
    const rest = Object.entries({ ...SET, ...files }).filter(([path]) => path !== without);
    return (await problems("file-set", "fileSet", Object.fromEntries(rest))).join("\n");
  };
  expect(await found({})).toBe("");
  expect(await found({}, "packages/kv-cache/src/scorers/snapkv.test.ts")).toContain("no test");
  expect(await found({ "packages/kv-cache/README.md": "snapkv" })).toContain("no row");
  expect(await found({}, "packages/kv-cache/README.md")).toContain("has no README.md");
  for (const wrong of [{ license: "MIT" }, { sideEffects: true }, { type: "commonjs" }]) {
    const files = { "packages/kv-cache/package.json": manifest("kv-cache", wrong) };
    expect(await found(files)).toContain(Object.keys(wrong)[0]);
  }
});
