import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTokenizer, type Tokenizer } from "../src/index.js";
import { loadModel, modelFile } from "./models.js";
import { byteLevelFile, characterFile } from "./small.js";

const tricky = fc.constantFrom(
  ..."aZ 1'sſ\n\r\t\u0085\ufeff\u00a0\u200b\u2028\u0301\u212aİß½٣你한😀\ud800\udc00<|>",
  "<|user|>",
  "<image>",
  "it's",
  "  ",
  "__proto__",
);
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(tricky, { maxLength: 40 }).map((parts) => parts.join("")),
);
const PLAIN = { addSpecialTokens: false } as const;
const wellFormed = (x: string): string => x.replace(/\p{Surrogate}/gu, "\ufffd");

describe("a byte-level tokenizer", () => {
  let fables: Tokenizer;
  beforeAll(async () => {
    fables = await loadModel("fables");
  });

  it("gives every text back", () => {
    fc.assert(
      fc.property(text, (x) => {
        expect(fables.decode(fables.encode(x))).toBe(wellFormed(x));
      }),
      { seed: 11, numRuns: 1000 },
    );
  });

  it("names the slice of the text that each whole token is", () => {
    fc.assert(
      fc.property(text, (x) => {
        const { ids, offsets } = fables.encodeWithOffsets(x, PLAIN);
        ids.forEach((id, i) => {
          const token = fables.decode([id]);
          if (token.includes("\ufffd")) return;
          expect(wellFormed(x).slice(offsets[i * 2], offsets[i * 2 + 1])).toBe(token);
        });
      }),
      { seed: 12, numRuns: 500 },
    );
  });

  it("streams what it decodes, for any ids", () => {
    const ids = fc.array(fc.nat({ max: fables.vocabularySize + 2 }), { maxLength: 40 });
    fc.assert(
      fc.property(ids, fc.boolean(), (list, skipSpecialTokens) => {
        const stream = fables.decoder({ skipSpecialTokens });
        const pieces = list.map((id) => stream.push(id));
        expect(pieces.join("") + stream.end()).toBe(fables.decode(list, { skipSpecialTokens }));
      }),
      { seed: 13, numRuns: 500 },
    );
  });

  it("gives the ids that its merges give one at a time", () => {
    const file = JSON.parse(modelFile("fables", "tokenizer.json")) as {
      model: { merges: [string, string][] };
    };
    const ranks = new Map(file.model.merges.map((merge, rank) => [merge.join(" "), rank]));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."thean sd"), maxLength: 30 }), (x) => {
        const words = x.match(/ ?[a-z]+|\s+(?!\S)|\s+/g) ?? [];
        const expected = words.flatMap((word) => mergedSlowly(word.replaceAll(" ", "Ġ"), ranks));
        const ids = fables.encode(x, PLAIN);
        expect([...ids].map((id) => fables.idToToken(id))).toEqual(expected);
      }),
      { seed: 14, numRuns: 500 },
    );
  });
});

/** The definition: merge the leftmost pair of the lowest rank until none is left. */
function mergedSlowly(word: string, ranks: ReadonlyMap<string, number>): string[] {
  const symbols = [...word];
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    let place = -1;
    for (let i = 0; i + 1 < symbols.length; i++) {
      const rank = ranks.get(`${symbols[i]} ${symbols[i + 1]}`) ?? Number.POSITIVE_INFINITY;
      if (rank < best) [best, place] = [rank, i];
    }
    if (place < 0) return symbols;
    symbols.splice(place, 2, symbols[place]! + symbols[place + 1]!);
  }
}

describe("words seen before", () => {
  it("give the ids of words seen first", async () => {
    const warm = await loadTokenizer(byteLevelFile());
    await fc.assert(
      fc.asyncProperty(text, async (x) => {
        const cold = await loadTokenizer(byteLevelFile());
        expect(warm.encode(x)).toEqual(cold.encode(x));
        expect(warm.encode(x)).toEqual(cold.encodeWithOffsets(x).ids);
      }),
      { seed: 15, numRuns: 60 },
    );
  });
});

describe("a tokenizer with byte fallback", () => {
  it("streams what it decodes, for ids that it gave", async () => {
    const tokenizer = await loadTokenizer(characterFile());
    fc.assert(
      fc.property(text, (x) => {
        const ids = tokenizer.encode(x, PLAIN);
        const stream = tokenizer.decoder();
        const pieces = [...ids].map((id) => stream.push(id));
        expect(pieces.join("") + stream.end()).toBe(tokenizer.decode(ids));
      }),
      { seed: 16, numRuns: 500 },
    );
  });
});

describe("a text that comes in parts", () => {
  const component = (change: object): object => ({ ...byteLevelFile(), ...change });
  const bert = {
    normalizer: { type: "BertNormalizer", lowercase: true },
    pre_tokenizer: { type: "BertPreTokenizer" },
    decoder: null,
    post_processor: null,
    added_tokens: [{ id: 262, content: "it's", special: false, normalized: true }],
    model: { type: "WordPiece", unk_token: "[UNK]", vocab: { "[UNK]": 0, a: 1, z: 2, "##'": 3 } },
  };

  it.each([
    ["byte-level", byteLevelFile()],
    ["characters", characterFile()],
    ["composed", component({ normalizer: { type: "NFC" } })],
    ["words", component(bert)],
  ])("gives the ids of the whole: %s", async (_, file) => {
    const tokenizer = await loadTokenizer(file);
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.nat({ max: 30 }), (chunks, maxTokens) => {
        const whole = chunks.join("");
        const encoder = tokenizer.encoder();
        const parts = chunks.flatMap((chunk) => [...encoder.push(chunk)]);
        expect([...parts, ...encoder.end()]).toEqual([...tokenizer.encode(whole)]);
        expect(tokenizer.encode(whole, { maxTokens })).toEqual(
          tokenizer.encode(whole).slice(0, maxTokens),
        );
      }),
      { seed: 17, numRuns: 400 },
    );
  });

  it("gives ids before the end", async () => {
    const encoder = (await loadTokenizer(byteLevelFile())).encoder();
    expect([...encoder.push("hello wor"), ...encoder.push("ld hello")]).toHaveLength(7);
  });
});
