import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeIo, fakeIo } from "../../test/fake-io.js";
import { main } from "../program.js";
import { type Change, changeCommand } from "../tokenize/change.js";
import { type Segmenter, segmentCommand } from "../tokenize/segment.js";
import { type Trainer, trainCommand } from "../tokenize/train.js";

const run = async (argv: readonly string[], io: FakeIo = fakeIo()) => ({
  code: await main(["tokenize", ...argv], io),
  ...io.written,
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frugal-tokenize-"));
  await writeFile(join(folder, "a.txt"), "Once upon a time\nthere was");
  await writeFile(join(folder, "bad.txt"), Uint8Array.of(65, 0xff));
  const ranks = Array.from({ length: 256 }, (_, i) => `${Buffer.of(i).toString("base64")} ${i}`);
  await writeFile(join(folder, "gpt2.tiktoken"), `${ranks.join("\n")}\n`);
  await writeFile(join(folder, "mine.tiktoken"), `${ranks.join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true }));
const inFolder = (options: Parameters<typeof fakeIo>[0] = {}) =>
  fakeIo({ cwd: folder, ...options });

describe("a text", () => {
  test("count, pieces and ids, of a file and of what is piped in", async () => {
    const { code, out, err } = await run(["a.txt"], inFolder());
    expect([code, err]).toEqual([0, ""]);
    const [first, ...rest] = out.trimEnd().split("\n");
    expect(first).toMatch(/^fables: 7 tokens for 26 characters, 26 bytes; 3\.71 bytes a token$/);
    expect(rest.slice(0, -1).join("\n")).toBe("Once| upon| a| time|\n|there| was");
    expect(rest.at(-1)!.split(" ")).toHaveLength(7);
    const piped = await run([], inFolder({ input: "Once upon a time\nthere was" }));
    expect(piped.out).toBe(out);
  });

  test("--count, --ids and --offsets say the same", async () => {
    const count = (await run(["a.txt", "--count"], inFolder())).out;
    const ids = (await run(["a.txt", "--ids"], inFolder())).out.trim().split(" ");
    const lines = (await run(["a.txt", "--offsets"], inFolder())).out.trimEnd().split("\n");
    expect(count).toBe("7\n");
    expect(lines.map((line) => line.split("\t")[0])).toEqual(ids);
    expect(lines[1]).toMatch(/^\d+\t4\t9\t" upon"$/);
  });

  test("--json", async () => {
    const { out } = await run(["a.txt", "--json"], inFolder());
    const read = JSON.parse(out);
    expect(read).toMatchObject({ tokenizer: "fables", count: 7 });
    expect(read.tokens.map(({ piece }: { piece: string }) => piece).join("")).toBe(
      "Once upon a time\nthere was",
    );
    expect(JSON.parse((await run(["a.txt", "--json", "--count"], inFolder())).out)).toEqual({
      tokenizer: "fables",
      count: 7,
    });
  });

  test("an empty text has no tokens", async () => {
    expect(await run(["--count", "--no-added"], inFolder({ input: "" }))).toMatchObject({
      code: 0,
      out: "0\n",
    });
  });

  test("colors at a terminal, unless NO_COLOR; a text never steers it", async () => {
    const input = "a\u001b[2Jb\u0007";
    const colored = await run([], inFolder({ input, isTerminal: true }));
    expect(colored.out).toContain("\u001b[30;48;5;");
    expect(colored.out).not.toContain("\u001b[2J");
    const plain = await run([], inFolder({ input, isTerminal: true, env: { NO_COLOR: "1" } }));
    expect(plain.out).not.toContain("\u001b");
    expect(plain.out).toContain("␛");
  });

  test("a character in several tokens is shown once", async () => {
    const argv = ["--tokenizer", "gpt2.tiktoken"];
    const { out } = await run(argv, inFolder({ input: "aé" }));
    expect(out).toContain("\na|é|\n97 195 169\n");
    const given = ["--tokenizer", "mine.tiktoken:pattern=gpt2", "--ids"];
    expect((await run(given, inFolder({ input: "aé" }))).out).toBe("97 195 169\n");
  });

  test.each([
    [["--count", "--ids"], 2, /cannot be used with option '--ids'/],
    [["a.txt", "--tokenizer", "mine.tiktoken"], 1, /without a pattern/],
    [["a.txt", "--tokenizer", "gpt2.tiktoken:speed=3"], 2, /no option 'speed'/],
    [["a.txt", "--tokenizer", "./nowhere"], 1, /is no file; a tokenizer is fables/],
    [["a.txt", "--tokenizer", "."], 1, /holds none of tokenizer\.json/],
    [["gone.txt"], 1, /gone\.txt/],
    [["bad.txt"], 1, /bad\.txt is not UTF-8/],
    [[], 2, /give a file, or pipe a text in/],
  ])("%j ends with %d and a sentence", async (argv, status, message) => {
    const { code, err } = await run(argv, inFolder());
    expect(code).toBe(status);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

const parse = (command: Command, argv: readonly string[]) =>
  new Command().addCommand(command).parseAsync([command.name(), ...argv], { from: "user" });

describe("methods by name", () => {
  const letters: Segmenter = {
    name: "letters",
    about: "every character alone; first",
    run: async (text, { options, random, tokenizer }) => {
      const pieces = [...text].slice(0, Number(options.first ?? text.length));
      const ids = (await tokenizer()).encode(pieces.join(""), { addSpecialTokens: false });
      return [{ pieces, ids, score: -random() }];
    },
  };

  test("segment hands over the text, the options, a seeded source and the tokenizer", async () => {
    const io = inFolder();
    const argv = ["a.txt", "--method", "letters:first=3", "--seed", "7", "--json"];
    await parse(segmentCommand(io, [letters]), argv);
    const again = inFolder();
    await parse(segmentCommand(again, [letters]), argv);
    expect(again.written.out).toBe(io.written.out);
    expect(JSON.parse(io.written.out)).toMatchObject({
      method: "letters",
      pieces: ["O", "n", "c"],
    });
  });

  test("an unknown method names those that there are", async () => {
    await expect(
      parse(segmentCommand(inFolder(), [letters]), ["a.txt", "--method", "x"]),
    ).rejects.toThrow("no method is called 'x'; there are: letters");
  });

  test("train reads lines as often as it is asked and writes a file", async () => {
    const trainer: Trainer = {
      name: "lines",
      about: "",
      async run({ lines, vocabularySize, onProgress }) {
        const seen: string[] = [];
        for (let round = 0; round < 2; round++) for await (const line of lines()) seen.push(line);
        onProgress("lines", seen.length, seen.length);
        return JSON.stringify({ seen, vocabularySize });
      },
    };
    const io = inFolder();
    await parse(trainCommand(io, [trainer]), [
      ...["a.txt", "--method", "lines", "--vocabulary", "9", "--out", "out.json"],
    ]);
    const twice = ["Once upon a time\n", "there was\n"];
    expect(JSON.parse(await readFile(join(folder, "out.json"), "utf8"))).toEqual({
      seen: [...twice, ...twice],
      vocabularySize: 9,
    });
    expect(io.written.err).toContain("wrote out.json");
  });

  test("change writes how one tokenizer spells the other's tokens", async () => {
    const argv = ["--method", "surface-forms:length=2", "--to", "scenes", "--out", "forms.json"];
    await parse(changeCommand(inFolder()), argv);
    const { forms } = JSON.parse(await readFile(join(folder, "forms.json"), "utf8")) as {
      forms: number[][];
    };
    expect(forms).toHaveLength(4096);
    // The two vocabularies are alike: every token is itself.
    expect(forms[300]![0]).toBe(300);
  });

  test("change opens both tokenizers, and asks for the second", async () => {
    const names: Change = {
      name: "names",
      about: "",
      run: async ({ from, to }) => `${(await from()).name} ${(await to()).name}`,
    };
    const argv = ["--method", "names", "--tokenizer", "scenes", "--out", "names.txt"];
    await parse(changeCommand(inFolder(), [names]), [...argv, "--to", "gpt2.tiktoken"]);
    expect(await readFile(join(folder, "names.txt"), "utf8")).toBe("scenes gpt2.tiktoken");
    await expect(parse(changeCommand(inFolder(), [names]), argv)).rejects.toThrow("needs --to");
  });
});
