import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../src/index.js";
import { engineFile } from "./engine-files.js";
import { drawing, drawnText, PRE_TOKENIZERS } from "./engine-texts.js";
import { modelFile } from "./models.js";

const ENGINES = ["js"] as const;
const PLAIN = { addSpecialTokens: false } as const;
const STRINGS = 20_000;

describe.each(ENGINES)("%s", (engine) => {
  it.each(PRE_TOKENIZERS)("gives the ids of the pipeline: %s", async (name, preTokenizer) => {
    for (const ignoreMerges of [false, true]) {
      const file = engineFile(preTokenizer, ignoreMerges);
      const tokenizer = await loadTokenizer(file, { engine });
      expect(tokenizer.path.name).toBe(engine);
      const draw = drawing(ignoreMerges ? 101 : 102);
      for (let i = 0; i < STRINGS / 2; i++) {
        const text = drawnText(draw, 9);
        const options = { ...PLAIN, specialTokensAsText: draw(2) === 0 };
        const { ids } = tokenizer.encodeWithOffsets(text, options);
        const found = tokenizer.encode(text, options);
        if (found.join() !== ids.join())
          expect([name, text, ...found]).toEqual([name, text, ...ids]);
        if (i % 16 === 0) expect(tokenizer.count(text, options)).toBe(ids.length);
      }
    }
  });

  it("gives the ids of the pipeline: fables", async () => {
    const tokenizer = await loadTokenizer(modelFile("fables", "tokenizer.json"), { engine });
    const draw = drawing(103);
    for (let i = 0; i < STRINGS; i++) {
      const text = drawnText(draw, 9);
      const { ids } = tokenizer.encodeWithOffsets(text, PLAIN);
      const found = tokenizer.encode(text, PLAIN);
      if (found.join() !== ids.join()) expect([text, ...found]).toEqual([text, ...ids]);
    }
  });

  it("gives the ids of the pipeline on long texts", async () => {
    for (const [, preTokenizer] of PRE_TOKENIZERS) {
      const tokenizer = await loadTokenizer(engineFile(preTokenizer, false), { engine });
      const draw = drawing(104);
      let text = "";
      while (text.length < 150_000) text += drawnText(draw, 40);
      text += "\ud83d";
      const { ids } = tokenizer.encodeWithOffsets(text, PLAIN);
      expect(tokenizer.encode(text, PLAIN).join() === ids.join()).toBe(true);
    }
  });
});
