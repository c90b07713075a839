import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeIo, fakeIo } from "../../test/fake-io.js";
import { zipOf } from "../../test/zip-of.js";
import { main } from "../program.js";
import { bestOf } from "./measures.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frugal-compare-"));
  await writeFile(join(folder, "a.txt"), "Once upon a time there was a king");
  const ranks = Array.from({ length: 256 }, (_, i) => `${Buffer.of(i).toString("base64")} ${i}`);
  await writeFile(join(folder, "gpt2.tiktoken"), `${ranks.join("\n")}\n`);
  const languages = { eng: "a king\n\n  a <b>\n", deu: "ein König\nein <b>", xx: "", nob: "" };
  languages.nob = "x\nen konge som er lang";
  await mkdir(join(folder, "texts"));
  for (const [name, text] of Object.entries(languages))
    await writeFile(join(folder, "texts", `${name}.txt`), text);
  await writeFile(join(folder, "texts", "README"), "no language");
  const entries = Object.entries(languages).map(([name, content]) => ({
    name: `t/${name}.txt`,
    content,
  }));
  await writeFile(join(folder, "texts.zip"), zipOf(entries));
});
afterAll(() => rm(folder, { recursive: true }));

const run = async (argv: readonly string[], options: Parameters<typeof fakeIo>[0] = {}) => {
  const io: FakeIo = fakeIo({ cwd: folder, ...options });
  const code = await main(["tokenize", "--compare", ...argv], io);
  return { code, ...io.written };
};

describe("--compare", () => {
  test("a table with every measure, the best marked", async () => {
    const { code, out } = await run(["fables", "gpt2.tiktoken", "a.txt"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^33 characters, 33 bytes, 8 words \(7 distinct\)\n/);
    expect(out).toMatch(/tokens ↓ +│ +8\* │ +33 {2}│/);
    expect(out).toMatch(/tokens over those of fables ↓ +│ +1\.000\* │ +4\.125 {2}│/);
    expect(out).toMatch(/bytes a token ↑ +│ +4\.125\* │ +1\.000 {2}│/);
    expect(out).toMatch(/unknown tokens ↓ +│ +0\.00 % {2}│ +0\.00 % {2}│/);
    expect(out).not.toContain("\u001b");
  });

  test("--json gives all numbers, and a text may be piped in", async () => {
    const argv = ["gpt2.tiktoken", "-", "--json", "--words", "unicode", "--alpha", "3"];
    const { out } = await run(argv, { input: "a b, b" });
    const [{ name, metrics, normalizedLength }] = JSON.parse(out);
    expect([name, normalizedLength, metrics.tokens]).toEqual(["gpt2.tiktoken", 1, 6]);
    expect(metrics.words).toMatchObject({ words: 3, distinctWords: 2 });
  });

  test("one name twice: the places tell them apart", async () => {
    const { out } = await run(["gpt2.tiktoken", "./gpt2.tiktoken", "a.txt", "--json"]);
    const names = JSON.parse(out).map(({ name }: { name: string }) => name);
    expect(names).toEqual(["gpt2.tiktoken", "./gpt2.tiktoken"]);
  });

  test("--out writes a page with bars, and the numbers", async () => {
    const { code, err } = await run(["fables", "gpt2.tiktoken", "a.txt", "--out", "report"]);
    expect([code, err]).toEqual([0, expect.stringMatching(/report[/\\]index\.html\n$/)]);
    const page = await readFile(join(folder, "report", "index.html"), "utf8");
    expect(page.match(/class="bar"/g)).toHaveLength(2 * 21);
    expect(page).toContain('<span class="best">4.125</span>');
    const results = JSON.parse(await readFile(join(folder, "report", "results.json"), "utf8"));
    expect(results).toHaveLength(2);
  });

  test.each([
    [["a.txt"], 2, /takes tokenizers and, last, a text/],
    [["fables", "gone.txt"], 1, /gone\.txt/],
    [["gpt2.tiktoken", "gpt2.tiktoken", "a.txt"], 1, /a name must be given once/],
    [["fables", "a.txt", "--words", "letters"], 2, /Allowed choices are whitespace, unicode/],
    [["fables", "a.txt", "--ids"], 2, /cannot be used with option/],
  ])("%j ends with %d and a sentence", async (argv, status, message) => {
    const { code, err } = await run(argv);
    expect([code, err]).toEqual([status, expect.stringMatching(message)]);
  });

  test("--out and --parallel belong to it; several files too", async () => {
    for (const argv of [
      ["a.txt", "--out", "x"],
      ["--parallel", "texts"],
      ["a.txt", "a.txt"],
    ]) {
      const io = fakeIo({ cwd: folder });
      expect(await main(["tokenize", ...argv], io)).toBe(2);
      expect(io.written.err).toMatch(/--compare/);
    }
  });
});

describe("--compare --parallel", () => {
  // Of bytes: eng "a king\na <b>" 12, deu "ein König\nein <b>" 18, nob 22.
  test.each(["texts", "texts.zip"])("premiums by language, from %s", async (place) => {
    const { code, out } = await run(["gpt2.tiktoken", "fables", "--parallel", place, "--json"]);
    expect(code).toBe(0);
    const { reference, leftOut, tokenizers } = JSON.parse(out);
    expect([reference, leftOut]).toEqual(["eng", ["xx"]]);
    const [bytes] = tokenizers;
    expect(
      bytes.rows.map(({ language, tokens }: Record<string, unknown>) => [language, tokens]),
    ).toEqual([
      ["deu", 18],
      ["eng", 12],
      ["nob", 22],
    ]);
    expect([bytes.worst.language, bytes.median]).toEqual(["nob", 1.5]);
  });

  test("a table of means and languages, and what was left out", async () => {
    const { out } = await run(["gpt2.tiktoken", "--parallel", "texts"]);
    expect(out).toMatch(/in 3 languages/);
    expect(out).toMatch(/median premium +│ +1\.500/);
    expect(out).toMatch(/eng +│ +1\.00 │\n.*deu +│ +1\.50 │\n.*nob +│ +1\.83 │/);
    expect(out).toMatch(/left out, for their text is not the whole: xx\n$/);
  });

  test("long tables show both ends, --all the whole", async () => {
    const many = Array.from({ length: 20 }, (_, i) => ({
      name: `l${i}.txt`,
      content: "x".repeat(i + 1),
    }));
    await writeFile(join(folder, "many.zip"), zipOf(many));
    const argv = ["gpt2.tiktoken", "--parallel", "many.zip", "--language", "l0"];
    const { out } = await run(argv);
    expect(out).toMatch(/l7 +│ +8\.00 │\n.*\.\.\. +│ +│\n.*l12 /);
    expect(out).toContain("4 more: --all, --json or --out");
    expect((await run([...argv, "--all"])).out).toMatch(/l9 +│ +10\.00 /);
  });

  test("--out draws a curve a tokenizer", async () => {
    await run(["fables", "gpt2.tiktoken", "--parallel", "texts", "--out", "page"]);
    const page = await readFile(join(folder, "page", "index.html"), "utf8");
    expect(page.match(/<polyline/g)).toHaveLength(2);
    expect(page.match(/<circle/g)).toHaveLength(6);
    expect(page).toContain("Left out, for their text is not the whole: xx.");
  });

  test.each([
    [
      ["fables", "--parallel", "texts", "--language", "fra"],
      2,
      /no language is called 'fra'; among 4/,
    ],
    [["fables", "--parallel", "a.txt"], 1, /is no zip archive/],
    [["fables", "--parallel", "report"], 1, /holds no \.txt files/],
    [["--parallel", "texts"], 2, /takes tokenizers/],
    [["fables", "--parallel", "gone"], 1, /gone/],
  ])("%j ends with %d and a sentence", async (argv, status, message) => {
    const { code, err } = await run(argv);
    expect([code, err]).toEqual([status, expect.stringMatching(message)]);
  });
});

describe("bestOf", () => {
  const measure = (better?: "higher" | "lower") => ({
    name: "",
    ...(better === undefined ? {} : { better }),
    value: () => 0,
    text: (value: number) => value.toFixed(1),
  });

  test("goes by what is shown; all alike or no better way marks none", () => {
    expect([...bestOf(measure("higher"), [1, 3.01, 3])]).toEqual([1, 2]);
    expect([...bestOf(measure("lower"), [2, 1, 3])]).toEqual([1]);
    expect([...bestOf(measure("lower"), [2.01, 2, 2])]).toEqual([]);
    expect([...bestOf(measure(), [2, 1])]).toEqual([]);
  });
});
