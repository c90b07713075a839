/** A dropped PNG, a question, an answer that is written piece by piece: in the page and in a worker. */
import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { AskPage } from "../harness/ask-page.mjs";
import { task } from "../harness/expected.mjs";

/** Seeds whose list of objects the model gets right with all image tokens and with a quarter of them. */
const TASKS = [15, 8].map((seed) => task(seed));
const KEPT = { full: "256 of 256", divprune: "64 of 256" };
const PLACES = [
  { place: "in the page", inWorker: false },
  { place: "in a worker", inWorker: true },
];

export async function answerTests({ test }, { browser, url, node, shots }) {
  const expected = new Map();
  for (const [index, asked] of TASKS.entries()) {
    for (const method of Object.keys(KEPT)) {
      await test(`Node answers picture ${index + 1} as its generator does, ${method}`, async () => {
        expected.set(`${index} ${method}`, await node.answer(asked, method));
      });
    }
  }

  const page = await AskPage.open(browser, url);
  const isReady =
    await test("the page loads the model over HTTP and says it is ready", async () => {
      await page.ready();
      match(await page.text("#path"), /simd.*, 1 thread$/);
    });
  if (!isReady) return;
  await test("Ask waits for a picture, and a text file is refused as one", async () => {
    strictEqual(await page.isDisabled("#ask"), true);
    await page.drop(Buffer.from("no picture"), "notes.txt", "text/plain");
    match(await page.text("#picture-name"), /^notes\.txt is neither a PNG nor a JPEG$/);
    strictEqual(await page.isDisabled("#ask"), true);
  });
  await test("a dropped PNG is shown, with its name", async () => {
    await page.drop(TASKS[0].png, "scene.png", "image/png");
    strictEqual(await page.text("#picture-name"), "scene.png");
    deepStrictEqual(await page.previewSize(), [64, 64]);
    strictEqual(await page.isDisabled("#ask"), false);
  });

  for (const { place, inWorker } of PLACES) {
    await test(`${place}: the model is ready`, () => page.choosePlace(inWorker));
    for (const [index, asked] of TASKS.entries()) {
      for (const method of Object.keys(KEPT)) {
        await test(`${place}: answers picture ${index + 1} as Node does, ${method}`, async () => {
          const wanted = expected.get(`${index} ${method}`);
          ok(wanted, "Node gave no answer to compare with");
          await page.drop(asked.png, `scene-${asked.seed}.png`, "image/png");
          const got = await page.ask(asked.question, method);
          strictEqual(got.state, "done");
          strictEqual(got.text, wanted.text);
          deepStrictEqual(got.tokenIds, wanted.tokenIds);
          strictEqual(got.kept, KEPT[method]);
          isWrittenBitByBit(got);
          if (shots) await page.screenshot(`${shots}${inWorker ? "worker" : "page"}-${method}.png`);
        });
      }
    }
    await test(`${place}: Stop ends an answer in the middle, and the next one is whole`, async () => {
      const whole = expected.get("1 full");
      await page.drop(TASKS[1].png, "scene.png", "image/png");
      const cut = await page.ask(TASKS[1].question, "full", { stopAfter: 3 });
      strictEqual(cut.state, "stopped");
      strictEqual(cut.status, "Stopped");
      ok(cut.tokenIds.length >= 3 && cut.tokenIds.length < whole.tokenIds.length, cut.text);
      deepStrictEqual(cut.tokenIds, whole.tokenIds.slice(0, cut.tokenIds.length));
      const again = await page.ask(TASKS[1].question, "full");
      deepStrictEqual(again.tokenIds, whole.tokenIds);
    });
    await test(`${place}: Stop before the first token leaves no answer`, async () => {
      const cut = await page.ask(TASKS[1].question, "full", { stopAfter: 0 });
      deepStrictEqual([cut.state, cut.text], ["stopped", ""]);
    });
    await test(`${place}: a file that only says it is a PNG fails with a typed error`, async () => {
      await page.drop(TASKS[0].png.subarray(0, 200), "cut.png", "image/png");
      const { state, text } = await page.ask("list the objects.", "full");
      strictEqual(state, "failed");
      match(text, /^FormatError: /);
    });
  }
  await test("a sample that the page draws itself is answered", async () => {
    await page.choosePlace(false);
    await page.sample();
    const { state, text } = await page.ask("how many objects are there?", "full");
    strictEqual(state, "done");
    notStrictEqual(text.trim(), "");
  });
  await test("no error on the console, no failed request, no exception", async () => {
    deepStrictEqual(page.problems, []);
  });
  await page.close();
}

/** Every text the page showed begins the next one, and there are many. */
function isWrittenBitByBit({ seen, text }) {
  ok(seen.length > 5, `the text came in ${seen.length} pieces`);
  for (const [i, shown] of seen.entries()) ok(text.startsWith(shown), `piece ${i}: ${shown}`);
  strictEqual(seen.at(-1), text);
}
