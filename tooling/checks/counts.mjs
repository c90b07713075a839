/** Turns what test programs report into `{ passed, failed, note }`; what was skipped or broken counts as failed. */

/** From vitest's JSON report and its exit status. */
export function unitCounts(
  { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults },
  status,
) {
  const skipped = numPendingTests + numTodoTests;
  const broken = testResults.filter(
    ({ status: state, assertionResults }) =>
      state === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const counted = numFailedTests + skipped + broken;
  const failed = counted === 0 && status !== 0 ? 1 : counted;
  const notes = [
    skipped && `${skipped} skipped`,
    broken && `${broken} files did not load`,
    counted === 0 && failed && `vitest ended with ${status}`,
  ];
  return { passed: numPassedTests, failed, note: notes.filter(Boolean).join(", ") };
}

/** From the last line of a program, which must begin with `N passed, N failed`, and its exit status. */
export function countsOf(lastLine, status) {
  const found = lastLine.match(/^(\d+) passed, (\d+) failed(.*)$/);
  if (!found) return { passed: 0, failed: 1, note: `ended with ${status} and no count` };
  const [passed, failed] = [Number(found[1]), Number(found[2])];
  const note = found[3].replace(/^, /, "");
  if (status !== 0 && failed === 0) return { passed, failed: 1, note: `ended with ${status}` };
  return { passed, failed, note };
}
