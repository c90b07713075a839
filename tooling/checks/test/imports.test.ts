import { expect, test } from "vitest";
import { manifest, problems } from "./load.js";

const BASE = {
  "packages/tensor/package.json": manifest("tensor", {
    exports: { ".": {}, "./errors": {}, "./ops": {} },
  }),
  "packages/kv-cache/package.json": manifest("kv-cache", {
    dependencies: { "@frugal/tensor": "workspace:^" },
    devDependencies: { "@frugal/reference-models": "workspace:^" },
  }),
  "packages/tokenizers/package.json": manifest("tokenizers", {
    dependencies: { "@frugal/tensor": "workspace:^" },
  }),
  "packages/speculative/package.json": manifest("speculative"),
  "packages/kernels-wasm/package.json": manifest("kernels-wasm"),
  "packages/reference-models/package.json": manifest("reference-models"),
  "packages/runtime/package.json": manifest("runtime", {
    dependencies: { "@frugal/kernels-wasm": "workspace:^", "@frugal/kv-cache": "workspace:^" },
  }),
  "apps/cli/package.json": manifest("cli", { dependencies: { "@frugal/runtime": "workspace:^" } }),
};

const found = async (path: string, text: string) =>
  (await problems("import-direction", "importDirection", { ...BASE, [path]: text })).join("\n");

test.each([
  ["packages/kv-cache/src/a.ts", 'import { resolveBudget } from "@frugal/tensor";'],
  ["packages/kv-cache/src/a.ts", 'import { b } from "./scorers/b.js";'],
  ["packages/kv-cache/src/a.test.ts", 'import { scene } from "@frugal/reference-models";'],
  ["packages/kv-cache/src/a.test.ts", 'import { test } from "vitest";'],
  ["packages/tokenizers/src/a.ts", 'import { FormatError } from "@frugal/tensor/errors";'],
  ["packages/runtime/src/a.ts", 'const k = await import("@frugal/kernels-wasm");'],
  ["packages/runtime/src/a.ts", 'import type { Wasm } from "@frugal/kernels-wasm";'],
  ["packages/runtime/src/a.ts", 'import { type Wasm } from "@frugal/kernels-wasm";'],
  ["packages/runtime/src/a.ts", 'import { compress } from "@frugal/kv-cache";'],
  ["packages/runtime/src/a.ts", 'import { readFile } from "node:fs/promises";'],
  ["apps/cli/src/a.ts", 'import { loadModel } from "@frugal/runtime";'],
  ["packages/kv-cache/src/a.ts", '// import { x } from "@frugal/speculative";'],
])("%s may say %s", async (path, text) => {
  expect(await found(path, text)).toBe("");
});

test.each([
  [
    "packages/kv-cache/src/a.ts",
    'import { x } from "@frugal/speculative";',
    "may not import speculative",
  ],
  [
    "packages/kv-cache/src/a.ts",
    'import type { X } from "@frugal/runtime";',
    "may not import runtime",
  ],
  ["packages/kv-cache/src/a.ts", 'export * from "@frugal/runtime";', "may not import runtime"],
  ["packages/kv-cache/src/a.ts", 'type X = import("@frugal/runtime").X;', "may not import runtime"],
  ["packages/tensor/src/a.ts", 'import { x } from "@frugal/kv-cache";', "may not import kv-cache"],
  [
    "packages/kv-cache/src/a.test.ts",
    'import { x } from "@frugal/runtime";',
    "may not import runtime",
  ],
  ["packages/kv-cache/src/a.ts", 'import { x } from "@frugal/tensor/src/x.js";', "no entry point"],
  [
    "packages/kv-cache/src/a.ts",
    'import { x } from "../../tensor/src/x.js";',
    "leaves the package",
  ],
  [
    "packages/kv-cache/src/a.test.ts",
    'import { x } from "../../tensor/src/x.js";',
    "leaves the package",
  ],
  [
    "packages/kv-cache/src/a.ts",
    'import { scene } from "@frugal/reference-models";',
    "only evaluate",
  ],
  [
    "packages/kv-cache/src/a.ts",
    'import { x } from "@frugal/nothing";',
    "no package of this workspace",
  ],
  [
    "packages/kv-cache/src/a.ts",
    'import ort from "onnxruntime-web";',
    "not among the run-time dependencies",
  ],
  [
    "packages/kv-cache/src/a.ts",
    'import { test } from "vitest";',
    "not among the run-time dependencies",
  ],
  [
    "packages/speculative/src/a.ts",
    'import { x } from "@frugal/tensor";',
    "not among the run-time",
  ],
  [
    "packages/tokenizers/src/a.ts",
    'import { x } from "@frugal/tensor";',
    "nothing from tensor but its errors",
  ],
  [
    "packages/runtime/src/a.ts",
    'import { wasm } from "@frugal/kernels-wasm";',
    "imported dynamically",
  ],
  ["packages/runtime/src/a.ts", 'import "@frugal/kernels-wasm";', "imported dynamically"],
  [
    "apps/cli/src/a.ts",
    'import { x } from "../../../packages/tensor/src/x.js";',
    "leaves the package",
  ],
  ["apps/cli/src/a.ts", 'import { x } from "@frugal/runtime/step";', "no entry point"],
])("%s may not say %s", async (path, text, problem) => {
  expect(await found(path, text)).toContain(problem);
});
