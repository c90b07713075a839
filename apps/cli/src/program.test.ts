import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "@frugal/evaluate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeIo, fakeIo } from "../test/fake-io.js";
import { main } from "./program.js";

const run = async (argv: readonly string[], io: FakeIo = fakeIo()) => ({
  code: await main(argv, io),
  ...io.written,
});

describe("usage", () => {
  test.each([[["--help"]], [["run", "--help"]], [["help", "eval"]]])(
    "%j prints help, exit 0",
    async (argv) => {
      const { code, out, err } = await run(argv);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(/^Usage: frugal/);
    },
  );

  test.each([
    [["nope"], /unknown command 'nope'/],
    [["run", "x", "--frob"], /unknown option '--frob'/],
    [["run", "x", "--max-tokens", "-3"], /whole number of 0 or more/],
    [["run", "x", "--backend", "gpu"], /Allowed choices are wasm, reference/],
    [["run", "x", "--images", "nope"], /no method for image tokens is called 'nope'/],
    [["run", ""], /give a prompt/],
    [["run"], /give a prompt/],
    [["eval", "--tasks", "vqa,dance"], /no task is called 'dance'; there are: vqa/],
    [["eval", "--methods", "nope"], /no method is called 'nope'; there are: .*divprune/],
    [["eval", "--budgets", "0.5,2"], /between 0 and 1/],
    [["eval", "--samples", "0"], /at least 1/],
  ])("%j is a usage error, exit 2", async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});

describe("run", () => {
  test("streams text, and says on the other stream what was saved", async () => {
    const { code, out, err } = await run(["run", "Once upon a time", "--max-tokens", "6"]);
    expect(code).toBe(0);
    expect(out).toBe(" there lived a king who had\n");
    expect(err).toMatch(/^5 prompt tokens; 6 new tokens in 5 steps; \d+ \+ \d+ ms; /);
  });

  test("--json prints one object and nothing else", async () => {
    const argv = ["run", "--image", "scene:7", "--images", "divprune:keep=0.25", "--json"];
    const { code, out, err } = await run(argv, fakeIo({ input: "how many objects are there?" }));
    expect([code, err]).toEqual([0, ""]);
    const read = JSON.parse(out);
    expect(read).toMatchObject({ model: "scenes", methods: { images: "divprune" }, finish: "end" });
    expect(read.report.fullPromptTokens - read.report.promptTokens).toBe(192);
  });

  test("a drafter changes the steps and not the text", async () => {
    const argv = ["run", "The king said to the king", "--max-tokens", "40", "--json"];
    const plain = JSON.parse((await run(argv)).out);
    const drafted = JSON.parse((await run([...argv, "--draft", "prompt-lookup"])).out);
    expect(drafted.text).toBe(plain.text);
    expect(drafted.report.steps).toBeLessThan(plain.report.steps);
  });

  test.each([
    [["run", "x", "--model", "./no/such/folder"], /^error: .*no\/such\/folder/],
    [["run", "x", "--image", "gone.png"], /^error: .*gone\.png/],
    [["run", "x", "--image", "scene:1", "--model", "fables"], /^error: generate: images must be/],
  ])("%j fails with a sentence, exit 1", async (argv, message) => {
    const { code, err } = await run(argv);
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test("--debug shows the stack", async () => {
    const { code, err } = await run(["run", "x", "--image", "gone.png", "--debug"]);
    expect(code).toBe(1);
    expect(err).toMatch(/\n\s+at /);
  });

  test("an interrupt ends with 130", async () => {
    const controller = new AbortController();
    const io = fakeIo({ signal: controller.signal });
    const write = io.out.write;
    Object.assign(io.out, {
      write(text: string) {
        write(text);
        controller.abort(new DOMException("Interrupted", "AbortError"));
      },
    });
    const { code, err } = await run(["run", "Once", "--max-tokens", "2000"], io);
    expect([code, err]).toEqual([130, "\ninterrupted\n"]);
  });
});

describe("eval and demo", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "frugal-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("eval --json prints a report with full and random in it", async () => {
    const argv = [
      "eval",
      "--tasks",
      "vqa,presence",
      "--methods",
      "tome",
      "--samples",
      "2",
      "--budgets",
      "0.25",
      "--json",
    ];
    const { code, out } = await run(argv, fakeIo({ cwd: folder }));
    expect(code).toBe(0);
    const report = JSON.parse(out) as Report;
    expect(report.tables.map(({ task }) => task)).toEqual(["vqa", "presence"]);
    for (const { rows, refusals } of report.tables) {
      expect(rows.map(({ method }) => method)).toEqual(["full", "random", "tome"]);
      expect(refusals).toEqual([]);
    }
    expect(report.tables[1]!.rows[0]!.quality).toBe(1);
    expect(report.command).toContain("--methods tome");
  });

  test("--inside goes on within a word; chat and pictures have no bytes to go on from", async () => {
    const inside = await run(["run", "Once upon a tim", "--inside", "--max-tokens", "2"]);
    expect([inside.code, inside.out.startsWith("e ")]).toEqual([0, true]);
    const plain = await run(["run", "Once upon a tim", "--max-tokens", "2"]);
    expect(plain.out.startsWith("e ")).toBe(false);
    const chat = await run(["run", "hi", "--inside", "--chat"]);
    expect([chat.code, chat.err]).toEqual([2, expect.stringContaining("plain prompt")]);
  });

  test("eval --scores agrees with what was published", async () => {
    const { code, out } = await run(["eval", "--scores", "--samples", "2"]);
    expect(out.match(/^agrees {2}/gm)).toHaveLength(8);
    expect(code).toBe(0);
  });

  test("demo tells a story, prints three tables and leaves a report", async () => {
    const argv = ["demo", "--pictures", "2", "--prompts", "1", "--texts", "1", "--threads", "1"];
    const { code, out } = await run(argv, fakeIo({ cwd: folder }));
    expect(code).toBe(0);
    expect(out).toMatch(/^Once upon a time/);
    expect(out).toContain("Image tokens: questions about pictures");
    expect(out).toMatch(/(open|start ""|xdg-open) report[/\\]index\.html\n$/);
    const results = JSON.parse(
      await readFile(join(folder, "report", "results.json"), "utf8"),
    ) as Report;
    expect(results.tables.map(({ task }) => task)).toEqual(["vqa", "recall", "speculation"]);
    expect(results.tables[2]!.rows.every(({ quality }) => quality === 1)).toBe(true);
    expect(await readFile(join(folder, "report", "index.html"), "utf8")).toContain("<svg");
  });
});

describe("doctor", () => {
  test("finds node, SIMD, back ends and models", async () => {
    const { code, out } = await run(["doctor"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {2}node: v/m);
    expect(out).toMatch(/^ok {2}back end wasm: /m);
    expect(out).toMatch(/^ok {2}model scenes: /m);
    expect(out).not.toMatch(/^NO/m);
  });
});
