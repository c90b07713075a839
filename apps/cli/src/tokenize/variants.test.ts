import { loadTokenizer } from "@frugal/tokenizers";
import { byteAlphabet, tokenizerFile, trainBpe, wordCounts } from "@frugal/tokenizers/train";
import { expect, test } from "vitest";
import { VARIANT_SEGMENTERS } from "./segment-variants.js";
import { VARIANT_TRAINERS } from "./train-variants.js";

const TEXT = "the lower the newer rivers below the wide river";
const BYTE_LEVEL = { type: "ByteLevel", add_prefix_space: false };

const context = (options: Record<string, string | number | boolean>, files: readonly string[]) => ({
  options,
  signal: new AbortController().signal,
  random: () => 0.2,
  file: async (path: string) => new TextEncoder().encode(files[Number(path)]),
  onProgress() {},
  vocabularySize: 300,
  async *lines() {
    for (let i = 0; i < 9; i++) yield i % 3 === 2 ? "\n" : `${TEXT}\n`;
  },
  async tokenizer() {
    const words = await wordCounts([TEXT], { preTokenizer: BYTE_LEVEL });
    const model = await trainBpe(words, { vocabularySize: 270, initialAlphabet: byteAlphabet() });
    return loadTokenizer(
      tokenizerFile({ model, preTokenizer: BYTE_LEVEL, decoder: BYTE_LEVEL }) as object,
    );
  },
});

test("every segmenter keeps the text, with what the trainers have written", async () => {
  const written = await Promise.all(VARIANT_TRAINERS.map(({ run }) => run(context({}, []))));
  const files = written.map(String);
  for (const { name, run } of VARIANT_SEGMENTERS) {
    const place = VARIANT_TRAINERS.findIndex((trainer) => trainer.name === name);
    const found = await run(TEXT, context(place < 0 ? {} : { model: String(place) }, files));
    const [{ pieces }] = found as [(typeof found)[number]];
    const whole = pieces
      .join("")
      .replaceAll(/[\u0120▁]/g, " ")
      .trimStart();
    expect(whole, name).toBe(TEXT);

    expect(pieces.length, name).toBeLessThan(TEXT.length);
  }
});

test("a vocabulary of another kind, or none, is refused", async () => {
  for (const { name, run } of VARIANT_SEGMENTERS.slice(-3)) {
    await expect(run("a", context({}, []))).rejects.toThrow(`${name} needs model=FILE`);
    await expect(run("a", context({ model: "0" }, ["{}"]))).rejects.toThrow("is no vocabulary");
    await expect(run("a", context({ model: "0" }, ["{"]))).rejects.toThrow("is not JSON");
  }
  const { run: pathPiece } = VARIANT_SEGMENTERS.find(({ name }) => name === "path-piece")!;
  for (const [file, message] of [
    ['{"type":"lib"}', "is no vocabulary of train --method path-piece"],
    ['{"type":"path-piece","vocabulary":[1]}', "has no list of tokens"],
  ] as const)
    await expect(pathPiece("a", context({ model: "0" }, [file]))).rejects.toThrow(message);
  for (const { run } of VARIANT_TRAINERS)
    await expect(run(context({ sizes: 1 }, []))).rejects.toThrow("has no key 'sizes'");
});
