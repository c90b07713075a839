/** The page as a user meets it: drops, types, clicks; and what it shows while it answers. */
import { watched } from "./watched.mjs";

const LIMIT_MS = 15_000;
/** In the order of the page's select. */
const METHODS = ["full", "divprune"];

export class AskPage {
  #page;

  constructor({ page, problems }) {
    this.#page = page;
    this.problems = problems;
  }

  static async open(browser, url) {
    const opened = await watched(browser);
    opened.page.setDefaultTimeout(LIMIT_MS);
    await opened.page.goto(url);
    return new AskPage(opened);
  }

  async ready() {
    await this.#page.waitForSelector("body[data-state=ready], body[data-state=failed]");
    const state = await this.#page.evaluate(() => document.body.dataset.state);
    if (state !== "ready") throw new Error(await this.text("#answer"));
  }

  text(selector) {
    return this.#page.textContent(selector);
  }

  isDisabled(selector) {
    return this.#page.isDisabled(selector);
  }

  /** A drag of one file onto the drop zone. */
  async drop(bytes, name, type) {
    const dataTransfer = await this.#page.evaluateHandle(
      ({ base64, name, type }) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name, { type }));
        return transfer;
      },
      { base64: Buffer.from(bytes).toString("base64"), name, type },
    );
    for (const event of ["dragenter", "dragover", "drop"]) {
      await this.#page.dispatchEvent("#drop", event, { dataTransfer });
    }
    await dataTransfer.dispose();
  }

  /** Width and height of the picture that the page shows, once the browser has decoded it. */
  previewSize() {
    return this.#page.$eval("#preview", async (image) => {
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    });
  }

  async choosePlace(inWorker) {
    await this.#page.getByLabel("in a worker").setChecked(inWorker);
    await this.ready();
  }

  async sample() {
    await this.#page.getByRole("button", { name: "Draw a sample" }).click();
    await this.#page.waitForFunction(() =>
      document.getElementById("picture-name")?.textContent?.startsWith("sample"),
    );
  }

  /** Asks and waits for the end; `stopAfter` clicks Stop as soon as that many pieces stand there. */
  async ask(question, method, { stopAfter } = {}) {
    await this.#page.getByLabel("What do you want to know?").fill(question);
    await this.#page
      .getByLabel("Image tokens", { exact: true })
      .selectOption({ index: METHODS.indexOf(method) });
    return this.#page.evaluate(
      ({ stopAfter }) =>
        new Promise((resolve) => {
          const element = (id) => document.getElementById(id);
          const answer = element("answer");
          const seen = [];
          const pieces = new MutationObserver(() => {
            if (answer.textContent && answer.textContent !== seen.at(-1)) {
              seen.push(answer.textContent);
            }
            if (stopAfter && answer.childElementCount >= stopAfter) element("stop").click();
          });
          const end = new MutationObserver(() => {
            const { state } = document.body.dataset;
            if (stopAfter === 0 && state === "answering") element("stop").click();
            if (!["done", "stopped", "failed"].includes(state)) return;
            pieces.disconnect();
            end.disconnect();
            const spans = [...answer.querySelectorAll("[data-tokens]")];
            const ids = spans.flatMap(({ dataset }) => dataset.tokens.split(" ").filter(Boolean));
            resolve({
              state,
              seen,
              text: answer.textContent,
              status: element("status").textContent,
              kept: element("tokens").textContent,
              tokenIds: ids.map(Number),
            });
          });
          pieces.observe(answer, { childList: true, subtree: true, characterData: true });
          end.observe(document.body, { attributes: true, attributeFilter: ["data-state"] });
          element("ask").click();
        }),
      { stopAfter },
    );
  }

  async screenshot(path) {
    await this.#page.screenshot({ path, fullPage: true });
  }

  close() {
    return this.#page.close();
  }
}
