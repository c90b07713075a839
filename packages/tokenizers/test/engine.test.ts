import { describe, expect, it } from "vitest";
import { instantiated } from "../src/engine/binary.js";
import { byteVocabulary } from "../src/engine/byte-vocabulary.js";
import { characterClasses } from "../src/engine/classes.js";
import type { Engine } from "../src/engine/engine.js";
import { recognized } from "../src/engine/grammar.js";
import { jsEngine } from "../src/engine/js-engine.js";
import { scanOf } from "../src/engine/scan.js";
import { wasmEngine } from "../src/engine/wasm-engine.js";
import { readBpe } from "../src/formats/bpe.js";
import { fields } from "../src/formats/fields.js";
import { loadTokenizer } from "../src/index.js";
import { TokenSink } from "../src/models/sink.js";
import { engineFile } from "./engine-files.js";
import { drawing, drawnText, PRE_TOKENIZERS } from "./engine-texts.js";
import { modelFile } from "./models.js";

const PLAIN = { addSpecialTokens: false } as const;
const STRINGS = 20_000;

/** Both engines against the pipeline, whose pieces scan.test.ts holds against the patterns. */
async function compare(file: object | string, strings: number, seed: number): Promise<void> {
  const js = await loadTokenizer(file, { engine: "js" });
  const wasm = await loadTokenizer(file);
  expect(js.path).toEqual({ name: "js", reason: "asked for" });
  expect(wasm.path).toEqual({ name: "wasm", reason: "" });
  const draw = drawing(seed);
  for (let i = 0; i < strings; i++) {
    const text = drawnText(draw, 9);
    const options = { ...PLAIN, specialTokensAsText: draw(2) === 0 };
    const expected = wasm.encodeWithOffsets(text, options).ids;
    for (const tokenizer of [js, wasm]) {
      const found = tokenizer.encode(text, options);
      if (found.join() !== expected.join())
        expect([tokenizer.path.name, text, ...found]).toEqual(["", text, ...expected]);
    }
    if (i % 16 === 0) expect(wasm.count(text, options)).toBe(expected.length);
  }
}

describe("the engines give the ids of the pipeline", () => {
  it.each(PRE_TOKENIZERS)("%s", async (_, preTokenizer) => {
    await compare(engineFile(preTokenizer, false), STRINGS / 2, 101);
    await compare(engineFile(preTokenizer, true), STRINGS / 2, 102);
  });

  it("fables", async () => {
    await compare(modelFile("fables", "tokenizer.json"), STRINGS, 103);
  });
});

/** The engines of a file, the second one with stretches of `stretch` units. */
async function engines(preTokenizer: object, stretch: number): Promise<[Engine, Engine]> {
  const file = engineFile(preTokenizer, false);
  const model = { ...readBpe(fields(file.model, "model")), bytes: true };
  const grammar = recognized(preTokenizer)!;
  const vocabulary = byteVocabulary(model)!;
  const classes = characterClasses(grammar.family === "deepseek");
  return [
    jsEngine(model, vocabulary, scanOf(grammar, classes)),
    wasmEngine(await instantiated(), model, vocabulary, grammar, classes, stretch),
  ];
}

function idsOf(engine: Engine, text: string): Uint32Array {
  const sink = new TokenSink();
  engine.encode(text, sink);
  return sink.ids.slice(0, sink.length);
}

describe("the border of a stretch", () => {
  it.each(PRE_TOKENIZERS)("changes nothing: %s", async (_, preTokenizer) => {
    for (const stretch of [8, 61]) {
      const [js, wasm] = await engines(preTokenizer, stretch);
      const draw = drawing(stretch);
      for (let i = 0; i < 400; i++) {
        const text = drawnText(draw, 60).replace(/\p{Surrogate}/gu, "\ufffd");
        if (text === "") continue;
        expect(idsOf(wasm, text).join()).toBe(idsOf(js, text).join());
      }
    }
  });

  it("changes nothing in long texts", async () => {
    const wasm = await loadTokenizer(modelFile("fables", "tokenizer.json"));
    const draw = drawing(9);
    let text = "";
    while (text.length < 400_000) text += drawnText(draw, 40);
    text += "\ud83d";
    const expected = wasm.encodeWithOffsets(text, PLAIN).ids;
    expect(wasm.encode(text, PLAIN).join() === expected.join()).toBe(true);
  });
});

describe("the work grows with the length of a text", () => {
  const LENGTH = 1 << 18;
  const draw = drawing(3);
  const drawn = (below: number, from: number): string =>
    Array.from({ length: LENGTH * 2 }, () => String.fromCharCode(from + draw(below))).join("");
  const row = (part: string): string => part.repeat((LENGTH * 2) / part.length);

  it.each([
    ["one letter", row("a")],
    ["spaces", row(" ")],
    ["line ends and spaces", `\n${row(" ")}`],
    ["capitals behind a letter without case", `ª${row("A")}`],
    ["marks before capitals", row("\u0301A")],
    ["no spaces", row("thequickbrownfox")],
    ["random letters", drawn(26, 97)],
    ["random characters", drawn(256, 0)],
    ["ideographs", drawn(2000, 0x4e00)],
    ["apostrophes", row("'")],
    ["emoji with joiners", row("👩\u200d")],
  ])("%s", async (_, text) => {
    const o200k = PRE_TOKENIZERS.find(([name]) => name === "o200k")![1];
    for (const engine of await engines(o200k, 1 << 12)) {
      const costs = [LENGTH, LENGTH * 2].map((length) => {
        const { read, queued } = engine.work;
        idsOf(engine, text.slice(0, length).replace(/\p{Surrogate}/gu, "\ufffd"));
        return { read: engine.work.read - read, queued: engine.work.queued - queued };
      });
      // Twice the text: twice the keys queued (log n of them to pass each), all of it read a few times.
      expect(costs[1]!.queued).toBeLessThanOrEqual(2.1 * costs[0]!.queued + 100);
      expect(costs[1]!.queued).toBeLessThanOrEqual(3 * 3 * LENGTH * 2);
      expect(costs[1]!.read).toBeLessThanOrEqual(2.3 * costs[0]!.read);
      expect(costs[1]!.read).toBeLessThanOrEqual(4 * new TextEncoder().encode(text).length);
    }
  });
});
