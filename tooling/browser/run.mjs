/**
 * Tests Frugal in a headless Chromium: the page answers questions about dropped pictures, and `wasm()` obeys the rules.
 *
 * Use      node tooling/browser/run.mjs    CHROME_PATH names a Chrome or Chromium where the bundled one can't run
 * Needs    the built packages
 * Units    seconds a test
 * Errors   exit status 1 when a test failed or the browser did not start; the last line reads `N passed, N failed`
 */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { startChromium } from "./harness/chromium.mjs";
import { nodeModel, SCENES } from "./harness/expected.mjs";
import { createReport } from "./harness/report.mjs";
import { serve } from "./harness/server.mjs";
import { answerTests } from "./tests/answers.mjs";
import { ruleTests } from "./tests/rules.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const shots = at("./report/");
const report = createReport();
const closing = [];

async function main() {
  let node;
  let server;
  let browser;
  await report.test("vite builds the pages from the published entry points", async () => {
    await build({ configFile: at("./vite.config.mjs") });
    server = await serve([
      ["/models/scenes/", SCENES],
      ["/", at("./dist/")],
    ]);
    closing.push(() => server.close());
  });
  await report.test("the same packages load the model in Node", async () => {
    node = await nodeModel();
    closing.push(async () => node.dispose());
  });
  await report.test("a headless Chromium starts", async () => {
    browser = await startChromium();
    closing.push(() => browser.close());
  });
  if (!node || !server || !browser) return;
  process.stdout.write(`Chromium ${browser.version()}; Node takes ${node.path}\n`);
  mkdirSync(shots, { recursive: true });
  const setting = { browser, node, shots, url: server.url };
  await answerTests(report, setting);
  await ruleTests(report, setting);
}

try {
  await main();
} catch (error) {
  report.record("the run", 0, String(error?.stack ?? error));
} finally {
  for (const close of closing.reverse()) await close().catch(() => {});
}
process.exit(report.finish());
