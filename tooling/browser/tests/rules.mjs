/** The conformance kit of back ends, run by the browser on both builds of `wasm()`; each rule counts. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { watched } from "../harness/watched.mjs";

const RUN_MS = 50_000;

export async function ruleTests({ test, record }, { browser, url }) {
  for (const build of ["relaxed", "simd"]) {
    const { page, problems } = await watched(browser);
    let results = [];
    await test(`${build}: the kit runs in the page`, async () => {
      await page.goto(`${url}rules.html?build=${build}`);
      await page.waitForSelector("body[data-state=done]", { timeout: RUN_MS });
      results = await page.$$eval("#rules li", (items) =>
        items.map(({ className, dataset }) => ({ className, ...dataset })),
      );
      ok(results.length > 20, `${results.length} rules`);
      deepStrictEqual(problems, []);
    });
    for (const { rule, ms, problem, className } of results) {
      const failure = className === "passed" ? undefined : (problem ?? "did not end");
      record(`${build}: ${rule}`, Number(ms), failure);
    }
    await page.close();
  }
}
