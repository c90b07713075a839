/** Counts tests and prints one line each, with seconds; `test` says whether it passed and never throws. */
const SLOWEST_MS = 50_000;

export function createReport(write = (line) => process.stdout.write(`${line}\n`)) {
  const counts = { passed: 0, failed: 0 };

  function record(name, ms, problem) {
    counts[problem === undefined ? "passed" : "failed"]++;
    const seconds = (ms / 1000).toFixed(2).padStart(6);
    write(`${problem === undefined ? "ok  " : "FAIL"} ${seconds} s  ${name}`);
    if (problem !== undefined) write(problem.replace(/^/gm, "       "));
  }

  async function test(name, act) {
    const started = performance.now();
    let problem;
    try {
      await within(act(), SLOWEST_MS);
    } catch (error) {
      problem = String(error?.stack ?? error);
    }
    record(name, performance.now() - started, problem);
    return problem === undefined;
  }

  function finish() {
    write(`${counts.passed} passed, ${counts.failed} failed`);
    return counts.failed === 0 ? 0 : 1;
  }

  return { test, record, finish };
}

async function within(promise, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end after ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
