import { expect, test } from "vitest";

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly note?: string;
}

const { countsOf, unitCounts } = (await import(new URL("../counts.mjs", import.meta.url).href)) as {
  countsOf(lastLine: string, status: number): Counts;
  unitCounts(report: object, status: number): Counts;
};

const report = (more: object) => ({
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: "passed", assertionResults: [{ status: "passed" }] }],
  ...more,
});

test.each([
  ["nothing wrong", {}, 0, 0],
  ["failed tests", { numFailedTests: 2 }, 1, 2],
  ["skipped tests", { numPendingTests: 3 }, 0, 3],
  ["planned tests", { numTodoTests: 1 }, 0, 1],
  [
    "a file that does not load",
    { testResults: [{ status: "failed", assertionResults: [] }] },
    1,
    1,
  ],
  ["an error outside any test", {}, 1, 1],
] as const)("%s in the report of vitest", (_, more, status, failed) => {
  expect(unitCounts(report(more), status)).toMatchObject({ passed: 5, failed });
});

test("a failed test is counted once, not with its file", () => {
  const testResults = [{ status: "failed", assertionResults: [{ status: "failed" }] }];
  expect(unitCounts(report({ numFailedTests: 1, testResults }), 1).failed).toBe(1);
});

test.each([
  ["12 passed, 0 failed", 0, 12, 0],
  ["12 passed, 3 failed, 4 missing, 0 differ by design", 1, 12, 3],
  ["12 passed, 0 failed", 1, 12, 1],
  ["all is well", 0, 0, 1],
  ["", 139, 0, 1],
])("the last line '%s' with status %d", (line, status, passed, failed) => {
  expect(countsOf(line, status)).toMatchObject({ passed, failed });
});
