import { expect, test } from "vitest";
import { problems } from "./load.js";

const GOOD = `/**
 * Keeps the tokens that lie furthest apart.
 *
 * Paper    DivPrune, arXiv:2503.02175
 * Shapes   features [N, C] f32  ->  TokenMap, M rows over N
 * Cost     O(N*M*C) time,
 *          O(N*C) scratch
 * Errors   ArgumentError from resolveBudget
 */
export const x = 1;
`;
const METHOD = "packages/vision-token-pruning/src/methods/divprune.ts";

const KERNELS = {
  "packages/kernels-wasm/assembly/index.ts": 'export { dot } from "./rows/dot";\n',
};

const found = (text: string, path = METHOD) =>
  problems("doc-headers", "docHeaders", { ...KERNELS, [path]: text });

test("a header with the fields in order passes", async () => {
  expect(await found(GOOD)).toEqual([]);
});

test.each([
  ["no header", "export const x = 1;\n", "must begin with a doc header"],
  ["no full stop", GOOD.replace("apart.", "apart"), "full stop"],
  ["no verb", GOOD.replace("Keeps the tokens", "The tokens"), "begin with what it does"],
  ["not a verb", GOOD.replace("Keeps", "This keeps"), "begin with what it does"],
  ["no blank line", GOOD.replace(" *\n", ""), "a blank line"],
  ["no paper", GOOD.replace(/ \* Paper.*\n/, ""), "field Paper is missing"],
  ["no cost", GOOD.replace(/ \* Cost.*\n.*\n/, ""), "field Cost is missing"],
  ["an unknown field", GOOD.replace("Errors  ", "Raises  "), "unknown field Raises"],
  ["a field twice", GOOD.replace("Errors  ", "Shapes  "), "field Shapes stands twice"],
  ["free text", GOOD.replace(" */", " * And it is fast.\n */"), "neither a field"],
  [
    "wrong order",
    GOOD.replace(/( \* Paper.*\n)( \* Shapes.*\n)/, "$2$1"),
    "order Paper, Shapes, Cost, Errors",
  ],
])("%s is found", async (_, text, problem) => {
  expect(text).not.toBe(GOOD);
  expect((await found(text)).join("\n")).toContain(problem);
});

test("tests, indexes and files outside the groups need no header", async () => {
  for (const name of ["methods/index.ts", "methods/divprune.test.ts", "map.ts"]) {
    expect(await found("export {};\n", `packages/vision-token-pruning/src/${name}`)).toEqual([]);
  }
});

test("kernels need their shapes, in AssemblyScript and in WGSL", async () => {
  const kernel = "/**\n * Dot products of rows.\n *\n * Shapes   a [N] f32\n */\n";
  const shader =
    "// Length of a row.\n//\n// Shapes   rows [R, D] f32\n// Grid     a workgroup a row\n\nfn x() {}\n";
  const [assembly, wgsl] = [
    "packages/kernels-wasm/assembly/rows/dot.ts",
    "packages/kernels-webgpu/shaders/dot.wgsl",
  ];
  expect(await found(kernel, assembly)).toEqual([]);
  expect(await found(`import { a } from "./a";\n\n${kernel}`, assembly)).toEqual([]);
  expect((await found("export function dot(): void {}\n", assembly)).length).toBe(1);
  expect(await found("", "packages/kernels-wasm/assembly/shared/lanes.ts")).toEqual([]);
  expect(await found(shader, wgsl)).toEqual([]);
  expect((await found(kernel.replace("Shapes", "Order "), assembly)).join()).toContain(
    "Shapes is missing",
  );
  expect((await found(shader.replace("Shapes", "Order "), wgsl)).join()).toContain(
    "Shapes is missing",
  );
  expect((await found("fn x() {}\n", wgsl)).join()).toContain("must begin with a doc header");
});
