import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../src/index.js";
import { loadModel, modelFile } from "./models.js";
import { byteLevelFile, characterFile, type File } from "./small.js";

/** A small generator of its own: tests draw the same mutations every time. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const VALUES: readonly unknown[] = [
  null,
  -1,
  0,
  1.5,
  1e9,
  2 ** 53,
  "",
  "x",
  "[",
  "(a*)*b",
  "x".repeat(5000),
  [],
  [[[[]]]],
  {},
  { type: "Sequence" },
  { type: "__proto__" },
  true,
];

/** Puts a drawn value, or nothing, in a drawn place of the file; or swaps two entries. */
function mutated(value: unknown, draw: (below: number) => number): unknown {
  const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (keys.length === 0 || draw(4) === 0) return VALUES[draw(VALUES.length)];
  const copy = Object.assign(Array.isArray(value) ? [] : {}, value) as Record<string, unknown>;
  const key = keys[draw(keys.length)]!;
  const other = keys[draw(keys.length)]!;
  const kind = draw(8);
  if (kind === 0) delete copy[key];
  else if (kind === 1) [copy[key], copy[other]] = [copy[other], copy[key]];
  else copy[key] = mutated(copy[key], draw);
  return copy;
}

/** Cuts, doubles or changes a part of the text of the file. */
function garbled(text: string, draw: (below: number) => number): string {
  const [from, length] = [draw(text.length), 1 + draw(20)];
  const [head, part, tail] = [
    text.slice(0, from),
    text.slice(from, from + length),
    text.slice(from + length),
  ];
  switch (draw(4)) {
    case 0:
      return head;
    case 1:
      return head + tail;
    case 2:
      return head + part + part + tail;
    default:
      return head + String.fromCharCode(draw(128)) + tail;
  }
}

/** A typed error, or a tokenizer that does its work. */
async function isSafe(source: string | object): Promise<"refused" | "loaded"> {
  try {
    const tokenizer = await loadTokenizer(source);
    const { ids, offsets } = tokenizer.encodeWithOffsets("hello  wörld <s> <m> 123\n😀");
    expect(offsets).toHaveLength(ids.length * 2);
    expect(tokenizer.encode("hello  wörld <s> <m> 123\n😀")).toEqual(ids);
    expect(typeof tokenizer.decode(ids)).toBe("string");
    return "loaded";
  } catch (error) {
    const codes = ["FormatError", "CapabilityError", "SourceError"] as const;
    if (codes.some((code) => FrugalError.is(error, code))) return "refused";
    throw error;
  }
}

describe("mutations of a file", () => {
  const files: [string, () => object | string][] = [
    ["byte-level", byteLevelFile],
    ["characters", characterFile],
    ["fables", () => modelFile("fables", "tokenizer.json")],
  ];

  it.each(files)("%s: fields", async (_, make) => {
    const draw = drawing(21);
    const counts = { refused: 0, loaded: 0 };
    for (let i = 0; i < 100; i++) {
      const file = make();
      const parsed = typeof file === "string" ? (JSON.parse(file) as unknown) : file;
      counts[await isSafe(mutated(parsed, draw) as object)]++;
    }
    expect(counts.refused).toBeGreaterThan(20);
  });

  it.each(files)("%s: text", async (_, make) => {
    const draw = drawing(22);
    const file = make();
    const text = typeof file === "string" ? file : JSON.stringify(file);
    for (let i = 0; i < 100; i++) await isSafe(garbled(text, draw));
  });
});

const withModel = (change: object): File => {
  const file = byteLevelFile();
  return { ...file, model: { ...file.model, ...change } };
};

const splitting = (source: string): object => ({
  ...byteLevelFile(),
  pre_tokenizer: { type: "Split", pattern: { Regex: source }, behavior: "Isolated", invert: false },
});

const nested = (depth: number): object =>
  depth === 0
    ? { type: "Digits", individual_digits: true }
    : { type: "Sequence", pretokenizers: [nested(depth - 1)] };

describe("a file is refused, by the name of the field", () => {
  it.each([
    ["not an object", "[]", /tokenizer|object/],
    ["not JSON", "{", /not JSON/],
    ["another version", { ...byteLevelFile(), version: "2.0" }, /version/],
    ["an unknown field", { ...byteLevelFile(), extra: 1 }, /the field extra/],
    ["an unknown field of the model", withModel({ speed: 1 }), /model\.speed/],
    ["truncation", { ...byteLevelFile(), truncation: {} }, /truncation/],
    ["another model", withModel({ type: "Trigram" }), /Trigram/],
    ["dropout", withModel({ dropout: 0.1 }), /dropout/],
    ["a broken dropout", withModel({ dropout: 2 }), /0\.\.1/],
    ["a negative id", withModel({ vocab: { a: -1 } }), /model\.vocab\["a"\]/],
    ["a huge id", withModel({ vocab: { a: 2 ** 31 } }), /limit/],
    ["an id for two tokens", withModel({ vocab: { a: 1, b: 1 } }), /two tokens/],
    ["a merge of unknown tokens", withModel({ merges: ["h zz"] }), /merges\[0\]/],
    ["a merge of three", withModel({ merges: [["a", "b", "c"]] }), /merges\[0\]/],
    ["an unknown token that is none", withModel({ unk_token: "<none>" }), /unk_token/],
    ["deep nesting", { ...byteLevelFile(), pre_tokenizer: nested(40) }, /too deep/],
    ["an exponential pattern", splitting("(a*)*b"), /repeated group/],
    ["an exponential choice", splitting("(a|aa)+b"), /repeated group/],
    ["a reference to no group", splitting("\\1"), /pattern/],
    ["a broken pattern", splitting("(a"), /parenthesis/],
    ["an open class", splitting("[a"), /bracket/],
    ["a property that is none", splitting("\\p{Nope}"), /Nope/],
    ["groups without end", splitting("(".repeat(1000)), /too deep/],
    ["a pattern without end", splitting("a".repeat(5000)), /limit/],
  ] as const)("%s", async (_, source, message) => {
    await expect(loadTokenizer(source)).rejects.toThrow(message);
    await expect(isSafe(source)).resolves.toBe("refused");
  });
});

describe("names of objects", () => {
  const NAMES = ["__proto__", "constructor", "hasOwnProperty", "toString"];

  it("are tokens like any other", async () => {
    const file = byteLevelFile();
    const vocab = JSON.stringify(file.model.vocab).slice(0, -1);
    const more = NAMES.map((name, i) => `,${JSON.stringify(name)}:${1000 + i}`).join("");
    const text = JSON.stringify({
      ...file,
      model: { ...file.model, vocab: 0, ignore_merges: true },
    });
    const tokenizer = await loadTokenizer(text.replace('"vocab":0', `"vocab":${vocab}${more}}`));
    NAMES.forEach((name, i) => {
      expect(tokenizer.tokenToId(name)).toBe(1000 + i);
      expect(tokenizer.idToToken(1000 + i)).toBe(name);
    });
    expect([...tokenizer.encode("constructor", { addSpecialTokens: false })]).toEqual([1001]);
    expect(Object.hasOwn(Object.prototype, "1000")).toBe(false);
  });

  it("are unknown where the vocabulary lacks them", async () => {
    const tokenizer = await loadTokenizer(byteLevelFile());
    for (const name of NAMES) expect(tokenizer.tokenToId(name)).toBeUndefined();
    expect(tokenizer.decode(tokenizer.encode(NAMES.join(" ")), { skipSpecialTokens: true })).toBe(
      NAMES.join(" "),
    );
  });
});

describe("long texts of one kind", () => {
  const LENGTH = 1 << 20;
  const row = (part: string): string => part.repeat(LENGTH / part.length);

  it.each([
    ["one letter", row("a")],
    ["spaces", row(" ")],
    ["line ends", row(" \n")],
    ["the beginnings of special tokens", row("<|us")],
    ["lone surrogates", row("\ud800")],
    ["no spaces", row("thequickbrownfox")],
    ["digits", row("12345678")],
    ["marks out of order", row("\u0301\u0323")],
  ])("1 MB of %s", async (_, text) => {
    for (const tokenizer of [await loadModel("fables"), await loadTokenizer(composing())]) {
      const ids = tokenizer.encode(text, { addSpecialTokens: false });
      expect(tokenizer.decode(ids)).toHaveLength(LENGTH);
    }
  });
});

function composing(): object {
  return { ...byteLevelFile(), normalizer: { type: "NFC" } };
}
