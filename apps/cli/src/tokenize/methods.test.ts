import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadTokenizer } from "@frugal/tokenizers";
import { expect, test } from "vitest";
import { SAMPLING_SEGMENTERS } from "./segment-sampling.js";
import { UNIGRAM_TRAINERS } from "./train-unigram.js";

const LINES = Array.from(
  { length: 40 },
  (_, i) => `the lower the newer ${i} rivers below the wide river\n`,
);

const context = (options: Record<string, string | number | boolean>) => ({
  options,
  signal: new AbortController().signal,
  random: () => 0.3,
  file: (path: string) => readFile(path),
  onProgress() {},
  vocabularySize: 60,
  async *lines() {
    yield* LINES;
  },
});

test("every trainer writes a file that loads, and the segmenters cut with it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "frugal-train-"));
  for (const { name, run } of UNIGRAM_TRAINERS) {
    const soft = name === "unigram" ? {} : { hardVocabularyLimit: false };
    const file = await run(context(soft));
    const place = join(folder, name);
    await writeFile(place, file);
    const tokenizer = await loadTokenizer(place);
    expect(tokenizer.decode(tokenizer.encode("the newer river"))).toBe("the newer river");
    for (const segmenter of SAMPLING_SEGMENTERS) {
      const fits = segmenter.name === "dropout" ? name.endsWith("bpe") : name.endsWith("unigram");
      if (!fits) continue;
      const own = { ...context({}), tokenizer: async () => tokenizer };
      const found = await segmenter.run("the newer river", own);
      for (const { pieces } of found) expect(pieces.join("")).toBe("▁the▁newer▁river");
    }
  }
});

test("a key that is none is refused", async () => {
  for (const { run } of UNIGRAM_TRAINERS)
    await expect(run(context({ sizes: 3 }))).rejects.toThrow(/has no key 'sizes'/);
  const own = {
    ...context({ samples: 1e9 }),
    tokenizer: () =>
      loadTokenizer(
        JSON.stringify({
          version: "1.0",
          model: { type: "BPE", vocab: { a: 0 }, merges: [] },
        }),
      ),
  };
  await expect(SAMPLING_SEGMENTERS[2]!.run("a", own)).rejects.toThrow(/samples is a count/);
});
