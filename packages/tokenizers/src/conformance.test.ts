import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { loadModel } from "../test/models.js";
import { byteLevelFile, characterFile } from "../test/small.js";
import { tokenizerRules } from "./conformance.js";
import { loadTokenizer, type Tokenizer } from "./index.js";

describe.each([
  ["fables", () => loadModel("fables")],
  ["scenes", () => loadModel("scenes")],
  ["a small byte-level one", () => loadTokenizer(byteLevelFile())],
] as const)("%s", (_, make) => {
  for (const rule of tokenizerRules(make)) it(rule.name, () => rule.check());
});

describe("one over characters, with byte fallback", () => {
  for (const rule of tokenizerRules(() => loadTokenizer(characterFile()), { lossless: false }))
    it(rule.name, () => rule.check());
});

/** Each breaks the one rule that it is named for (and may break others). */
const WRONG: Record<string, (right: Tokenizer) => Partial<Tokenizer>> = {
  "gives no id for no text": (right) => ({
    encode: (text, options) => (text === "" ? Uint32Array.of(5) : right.encode(text, options)),
  }),
  "gives the same ids again, in an array of their own": (right) => {
    const shared = new Uint32Array(1 << 14);
    return {
      encode(text, options) {
        const ids = right.encode(text, options);
        shared.set(ids);
        return shared.subarray(0, ids.length);
      },
    };
  },
  "knows every id it gives": (right) => ({
    tokenToId: (token) => (token === "a" ? undefined : right.tokenToId(token)),
  }),
  "counts what it encodes": (right) => ({
    count: (text) => Math.ceil(text.length / 4) + right.vocabularySize,
  }),
  "gives the same ids with offsets": (right) => ({
    encodeWithOffsets: (text) => right.encodeWithOffsets(`${text}!`),
  }),
  "gives offsets that ascend within the text and part no character": (right) => ({
    encodeWithOffsets(text, options) {
      const { ids, offsets } = right.encodeWithOffsets(text, options);
      return { ids, offsets: offsets.map((at, i) => (i % 2 === 0 && at > 0 ? at + 1 : at)) };
    },
  }),
  "gives the text back": (right) => ({
    decode: (ids, options) => right.decode(ids, options).trim(),
  }),
  "covers the text with its offsets": (right) => ({
    encodeWithOffsets(text, options) {
      const { ids, offsets } = right.encodeWithOffsets(text, options);
      return { ids, offsets: offsets.map((at, i) => (i % 2 === 1 ? offsets[i - 1]! : at)) };
    },
  }),
  "reads a lone surrogate as U+FFFD": (right) => ({
    encode: (text, options) => right.encode(text.replace(/\p{Surrogate}/gu, ""), options),
  }),
  "streams what it decodes, in whole characters": (right) => ({
    decoder: (options) => ({ push: (id) => right.decode([id], options), end: () => "" }),
  }),
  "keeps two streams apart": (right) => {
    const shared = right.decoder();
    return { decoder: () => shared };
  },
  "reads special tokens as text when asked": (right) => ({
    encode: (text, options) => right.encode(text, { ...options, specialTokensAsText: false }),
  }),
  "finds special tokens in the text, and leaves them out when decoding": (right) => ({
    decode: (ids) => right.decode(ids),
  }),
  "refuses ids that are no whole numbers": (right) => ({
    decode: (ids, options) =>
      right.decode(
        Array.from(ids).filter((id) => Number.isInteger(id) && id >= 0),
        options,
      ),
  }),
};

describe("the kit rejects", () => {
  const rules = tokenizerRules(() => loadModel("fables"));
  it("nothing without a wrong tokenizer here", () => {
    expect(rules.map((rule) => rule.name)).toEqual(Object.keys(WRONG));
  });

  it.each(Object.entries(WRONG))("one that breaks: %s", async (name, wrong) => {
    const right = await loadModel("fables");
    const broken = tokenizerRules(() => ({ ...right, ...wrong(right) }));
    const rule = broken.find((entry) => entry.name === name)!;
    const error: unknown = await rule.check().catch((reason: unknown) => reason);
    expect(FrugalError.is(error, "ConformanceError")).toBe(true);
  });
});
