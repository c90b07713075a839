import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

interface Block {
  readonly line: number;
  readonly isRun: boolean;
  readonly code: string;
}

const load = (file: string) => import(new URL(`../${file}`, import.meta.url).href);
const { blocksOf, differenceOf, expectedOutput } = (await load("blocks.mjs")) as {
  blocksOf(markdown: string): readonly Block[];
  differenceOf(expected: readonly string[], printed: string): string | undefined;
  expectedOutput(code: string): readonly string[];
};
const { typeErrors, compiled } = (await load("types.mjs")) as {
  typeErrors(root: string, blocks: readonly Block[]): readonly (readonly string[])[];
  compiled(code: string): string;
};
const root = fileURLToPath(new URL("../../../", import.meta.url));
const block = (code: string): Block => ({ line: 10, isRun: false, code });

test("TypeScript blocks are found with their line, others are not", () => {
  const page = [
    "# Title",
    "```ts run",
    "const a = 1;",
    "```",
    "```sh",
    "npm test",
    "```",
    "````md",
    "```ts",
    "not code",
    "```",
    "````",
    "- item",
    "  ```ts",
    "  const b = 2;",
    "  ```",
  ].join("\n");
  expect(blocksOf(page)).toEqual([
    { line: 3, isRun: true, code: "const a = 1;\n" },
    { line: 15, isRun: false, code: "const b = 2;\n" },
  ]);
});

test("what a block says it prints stands behind its arrows", () => {
  expect(expectedOutput("f(); // => 1\n// => two words\n  // =>\n// no => arrow\n")).toEqual([
    "1",
    "two words",
    "",
  ]);
});

test.each([
  [["a", "b"], "a\nb\n", undefined],
  [[], "", undefined],
  [["a …"], "a 12.5 ms\n", undefined],
  [["a.c"], "abc\n", "says: a.c"],
  [["a"], "b\n", "says: a"],
  [["a", "b"], "a\n", "does not print: b"],
  [["a"], "a\nb\n", "prints a line more"],
  [["a"], "", "does not print: a"],
] as const)("%j against %j", (expected, printed, difference) => {
  if (difference === undefined) expect(differenceOf(expected, printed)).toBeUndefined();
  else expect(differenceOf(expected, printed)).toContain(difference);
});

test("a block of wrong types is found at its line, a right one passes", () => {
  const [wrong, syntax, missing, right] = typeErrors(root, [
    block("const a = 1;\nconst b: string = a;\n"),
    block("const = 1;\n"),
    block('import { x } from "no-such-package";\n'),
    block("const a: number = await Promise.resolve(1);\n"),
  ]);
  expect(wrong).toEqual([expect.stringContaining("line 11: Type 'number' is not assignable")]);
  expect(syntax!.length).toBeGreaterThan(0);
  expect(missing).toEqual([expect.stringContaining("no-such-package")]);
  expect(right).toEqual([]);
});

test("types are taken off a block before it runs", () => {
  expect(compiled("const a: number = 1;\nconsole.log(a as number);\n")).toBe(
    "const a = 1;\nconsole.log(a);\n",
  );
});
