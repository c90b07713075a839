import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import type { Tokenizer } from "../types.js";
import { renyiEfficiency, shannonEntropy } from "./entropy.js";
import { sizeOf, tokenizerMeter } from "./tokenizer-meter.js";
import { compareTokenizers, tokenizerMetrics } from "./tokenizer-metrics.js";
import { unicodeWords } from "./words.js";

/** Byte-level BPE of all bytes and a few merges. */
async function byteLevel(merges: readonly string[], more: object = {}): Promise<Tokenizer> {
  const { byteCharacters } = await import("../text/byte-characters.js");
  const tokens = Array.from(byteCharacters(), (code) => String.fromCharCode(code));
  for (const merge of merges) tokens.push(merge.replace(" ", ""));
  const byteLevel = { type: "ByteLevel", add_prefix_space: false };
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const model = { type: "BPE", vocab, merges };
  return loadTokenizer({
    version: "1.0",
    pre_tokenizer: byteLevel,
    decoder: byteLevel,
    model,
    ...more,
  });
}

const MERGES = ["h e", "Ġ t", "Ġt he", "l l", "he ll"];
let tokenizer: Tokenizer;
let bytes: Tokenizer;
beforeAll(async () => {
  tokenizer = await byteLevel(MERGES);
  bytes = await byteLevel([]);
});

describe("tokenizerMeter", () => {
  test("counts by hand", () => {
    const meter = tokenizerMeter(tokenizer);
    // he | Ġthe | Ġ | hell | o | Ġ | é(2)
    expect(meter.add("he the hello é")).toBe(8);
    expect(meter.add("")).toBe(0);
    const metrics = meter.result();
    expect(metrics).toMatchObject({ texts: 2, tokens: 8, characters: 14, bytes: 15, types: 7 });
    expect(metrics.bytesPerToken).toBe(15 / 8);
    expect(metrics.charactersPerToken).toBe(14 / 8);
    expect(metrics.meanLength).toBe(4);
    expect(metrics.fertility).toBe(8 / 4);
    // Alone: he 1, the 2, hello 2, é 2. With a space: Ġhe 2, Ġthe 1, 3, 3.
    expect(metrics.words.plain.fertility).toBe(7 / 4);
    expect(metrics.words.spaced.fertility).toBe(9 / 4);
    expect(metrics.words.plain.singleTokenRetention).toBe(1 / 4);
    expect(metrics.words.plain.continuedRate).toBe(3 / 4);
    const counts = [1, 1, 2, 1, 1, 1, 1];
    expect(metrics.entropy).toBeCloseTo(shannonEntropy(counts), 12);
    expect(metrics.efficiency.renyi.observed).toBeCloseTo(renyiEfficiency(counts), 12);
    expect(metrics.efficiency.renyi.full).toBeCloseTo(
      renyiEfficiency(counts, { vocabularySize: 261 }),
      12,
    );
    expect(metrics.vocabularyUse).toBe(7 / 261);
    expect(metrics.unigramBitsPerByte).toBeCloseTo((8 * shannonEntropy(counts)) / 15, 12);
  });

  test("nothing is 0 everywhere, and no NaN", () => {
    const numbers = JSON.stringify(tokenizerMeter(tokenizer).result()).match(/:[^,{}]+/g)!;
    expect(numbers.filter((number) => number !== ":0")).toEqual([":261"]);
  });

  test("parts of a text give what the text gives, wherever it is cut", () => {
    const texts = fc.stringMatching(/^([a-c]|the|hello|é|𝒳|[ \n\u00a0]){0,30}$/u);
    fc.assert(
      fc.property(texts, fc.array(fc.nat(40), { maxLength: 4 }), (text, cuts) => {
        const whole = tokenizerMeter(tokenizer);
        whole.add(text);
        const parts = tokenizerMeter(tokenizer);
        const places = [...cuts.map((cut) => Math.min(cut, text.length)), text.length].sort(
          (a, b) => a - b,
        );
        let from = 0;
        for (const place of places) {
          parts.push(text.slice(from, place));
          from = place;
        }
        parts.end();
        expect(parts.result()).toEqual(whole.result());
      }),
    );
  });

  test("options of the file that cut, fill up or add do not count", async () => {
    const more = {
      added_tokens: [{ id: 256, content: "<s>", special: true }],
      truncation: { direction: "Right", max_length: 2, strategy: "LongestFirst", stride: 0 },
      post_processor: {
        type: "TemplateProcessing",
        single: [
          { SpecialToken: { id: "<s>", type_id: 0 } },
          { Sequence: { id: "A", type_id: 0 } },
        ],
        pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 0 } }],
        special_tokens: { "<s>": { id: "<s>", ids: [256], tokens: ["<s>"] } },
      },
    };
    const meter = tokenizerMeter(await byteLevel([], more));
    expect(meter.add("abcdef")).toBe(6);
    expect(meter.result().words.spaced.fertility).toBe(7);
  });

  test("says how much of a text the vocabulary lacks", async () => {
    const model = { type: "WordLevel", vocab: { "[UNK]": 0, a: 1 }, unk_token: "[UNK]" };
    const lacking = await loadTokenizer({
      version: "1.0",
      pre_tokenizer: { type: "WhitespaceSplit" },
      model,
    });
    const meter = tokenizerMeter(lacking);
    meter.add("a b a c");
    expect(meter.result().unknownRate).toBe(0.5);
  });

  test("the splitter, alpha and quantiles are the caller's", () => {
    const text = "the, the";
    const words = tokenizerMeter(bytes, { words: unicodeWords("en") });
    words.add(text);
    expect(words.result().words).toMatchObject({ words: 2, distinctWords: 1 });
    const other = tokenizerMeter(bytes, { alpha: 3, percentile: { start: 0, end: 0.5 } });
    other.add(text);
    expect(other.result().efficiency.renyi.observed).toBeCloseTo(
      renyiEfficiency([2, 2, 2, 1, 1], { alpha: 3 }),
      12,
    );
    expect(other.result().percentileFrequency).toBe(0.5);
    expect(() => tokenizerMeter(bytes, { alpha: Number.NaN })).toThrow(/alpha/);
  });
});

test("sizeOf counts code points and bytes, a lone surrogate as U+FFFD", () => {
  for (const text of ["", "aé€𝒳", "\ud800x", "x\udc00", "\ud800"]) {
    const { characters, bytes } = sizeOf(text);
    expect(characters).toBe([...text].length);
    expect(bytes).toBe(new TextEncoder().encode(text).length);
  }
});

describe("compareTokenizers", () => {
  const both = () => [
    { name: "merged", tokenizer },
    { name: "bytes", tokenizer: bytes },
  ];

  test("lengths are over the reference's", async () => {
    const texts = ["the the", "hello"];
    const [merged, plain] = await compareTokenizers(texts, both(), { reference: "bytes" });
    expect([merged!.name, plain!.name]).toEqual(["merged", "bytes"]);
    expect(merged!.metrics.tokens).toBe(5);
    expect(merged!.normalizedLength).toBe(5 / 12);
    expect(plain!.normalizedLength).toBe(1);
    const [first] = await compareTokenizers(texts, both());
    expect(first!.normalizedLength).toBe(1);
  });

  test("a text, texts, and streams of either", async () => {
    const text = "he the hello\n".repeat(3);
    async function* parts() {
      yield "he the he";
      yield `${"llo\nhe the hello\n"}he the hello\n`;
    }
    const whole = await tokenizerMetrics(text, tokenizer);
    expect(await tokenizerMetrics(parts(), tokenizer, { parts: true })).toEqual(whole);
    expect(whole).toMatchObject({ texts: 1, bytes: 39 });
    expect(await tokenizerMetrics([text], tokenizer)).toEqual(whole);
    expect(await tokenizerMetrics(parts(), tokenizer)).toMatchObject({ texts: 2, bytes: 39 });
  });

  test("reports, and stops where it is told to", async () => {
    const text = "the hello ".repeat(40_000);
    const seen: number[] = [];
    const controller = new AbortController();
    await tokenizerMetrics(text, bytes, { onProgress: ({ done }) => void seen.push(done) });
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.at(-1)).toBe(text.length);
    const stopped = tokenizerMetrics(text, bytes, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
  });

  test.each([
    [[], {}, /at least one/],
    [["a", "a"], {}, /a name must be given once; got "?a/],
    [["a"], { reference: "b" }, /reference must be one of a; got "?b/],
  ])("refuses %j with %j", async (names, options, message) => {
    const tokenizers = names.map((name) => ({ name, tokenizer: bytes }));
    await expect(compareTokenizers("x", tokenizers, options)).rejects.toThrow(message);
  });
});
