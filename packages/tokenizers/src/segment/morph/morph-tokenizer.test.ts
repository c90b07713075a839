import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MorphLanguage } from "./language.js";
import { type MorphDictionaries, morphTokenizer } from "./morph-tokenizer.js";
import { capitalized } from "./title-case.js";
import { TURKISH } from "./turkish.js";

const TURKISH_WORDS: MorphDictionaries = {
  roots: [
    ["<uppercase>", 0],
    ["<unknown>", 1],
    [" ", 2],
    ["\n", 3],
    ["kitap", 227],
    ["kitab", 227],
    ["oyna", 2210],
    ["oynu", 2210],
    ["gel", 2527],
    ["ev", 2573],
    ["yorum", 2687],
    ["saat", 2900],
    ["masa", 3312],
    ["göz", 3400],
  ],
  suffixes: [
    ...forms(20000, "lar ler"),
    ...forms(20019, "sız siz suz süz"),
    ...forms(20023, "la le yla yle"),
    ...forms(20024, "da de ta te"),
    ...forms(20026, "dı di du dü tı ti tu tü"),
    ...forms(20029, "lık lik luk lük lığ liğ luğ lüğ"),
    ...forms(20030, "cık cik cuk cük çık çik çuk çük cığ ciğ cuğ cüğ çığ çiğ çuğ çüğ"),
    ...forms(20031, "mak mek may mey"),
    ...forms(20032, "acak ecek acağ eceğ yacak yecek yacağ yeceğ"),
    ...forms(20033, "i"),
    ...forms(20034, "ı"),
    ...forms(20041, "yor"),
  ],
  subwords: [..."abtmzk."].map((letter, i) => [letter, 32000 + i] as const),
};

function forms(id: number, texts: string): (readonly [string, number])[] {
  return texts.split(" ").map((text) => [text, id] as const);
}

const turkish = morphTokenizer(TURKISH_WORDS, { language: TURKISH });
const lossless = morphTokenizer(TURKISH_WORDS, { language: TURKISH, lossless: true });

describe("morphTokenizer", () => {
  it.each([
    ["kitaplar", [227, 20000]],
    ["kitabı", [227, 20034]],
    ["evler", [2573, 20000]],
    ["Kitapları", [0, 227, 20000, 20034]],
    ["masa", [3312]],
    // The root goes first, though the suffix yor is meant.
    ["geliyorum", [2527, 20033, 2687]],
    ["TBMM", [0, 32002, 0, 32001, 0, 32003, 0, 32003]],
    ["KIt", [0, 32005, 0, 20034, 32002]],
    ["a  b", [32000, 2, 2, 32001]],
    ["a \t b\n", [32000, 2, 2, 32001, 3]],
    ["😀a", [1, 32000]],
    ["", []],
  ])("encodes %j", (text, ids) => {
    expect([...turkish.encode(text)]).toEqual(ids);
  });

  it("names the text of each id", () => {
    expect(turkish.tokenize("Kitabı q")).toEqual(["<uppercase>", "kitab", "ı", " ", "<unknown>"]);
  });

  it.each([
    [[227, 20000], "kitaplar"],
    [[227, 20034], "kitabı"],
    [[0, 227, 20000, 20034], "Kitapları"],
    [[2210, 20041], "oynuyor"],
    [[2573, 20024], "evde"],
    [[227, 20024, 2, 2900, 20024], "kitapta saatte"],
    [[3400, 20019], "gözsüz"],
    [[3312, 20023], "masayla"],
    [[3312, 20023, 20033], "masalai"],
    [[3312, 20023, 2], "masayla "],
    [[2573, 20026], "evdi"],
    [[227, 20026], "kitaptı"],
    [[3400, 20029], "gözlık"],
    [[3400, 20029, 2], "gözlük "],
    [[3400, 20029, 20033], "gözlüği"],
    [[227, 20030, 2], "kitapçık "],
    [[227, 20030, 20033], "kitapçıği"],
    [[2573, 20031, 20033], "evmeyi"],
    [[2573, 20032], "evecek"],
    [[3312, 20032, 20033], "masayacaği"],
    // A suffix looks back over what is no word.
    [[2573, 32006, 20000], "ev.ler"],
    [[1, 0, 3400, 9], "▁u▁Göz▁"],
    [[0], "<uppercase>"],
    [[0, 7], "▁"],
  ])("decodes %j", (ids, text) => {
    expect(turkish.decode(ids)).toBe(text);
  });

  it("gives back every text, where it is asked to", () => {
    expect(lossless.vocabularySize).toBe(32007 + 256);
    const part = fc.constantFrom(
      "kitap",
      "Ev",
      "ler",
      "<uppercase>",
      " ",
      "\t",
      "I",
      "TBMM",
      "😀",
      "ta",
    );
    const text = fc.oneof(
      fc.array(part).map((parts) => parts.join("")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const ids = lossless.encode(given);
        expect(lossless.decode(ids)).toBe(given);
        expect(lossless.tokenize(given)).toHaveLength(ids.length);
      }),
    );
  });

  it("spends bytes only on parts that need them", () => {
    expect([...lossless.encode("kitaplar evler")]).toEqual([227, 20000, 2, 2573, 20000]);
    expect(lossless.tokenize("evlar ev")).toEqual([
      ..."evlar".split("").map((c) => `<0x${c.charCodeAt(0).toString(16).toUpperCase()}>`),
      " ",
      "ev",
    ]);
  });

  it("serves another language by its data", () => {
    // Plural in -k behind a vowel, else -ak or -ek; "sz" is one letter less.
    const language: MorphLanguage = {
      name: "xx",
      lowerCase: [["SZ", "sz"]],
      vowels: "aeio",
      wordEnd: " ",
      forms: [
        {
          from: 10,
          to: 11,
          choices: [
            [
              [{ endsWith: "aeio" }, 0],
              [{ lastVowel: "ei" }, 2],
              [{}, 1],
            ],
          ],
        },
      ],
    };
    const roots = [...forms(0, "<uppercase>"), ...forms(1, "<unknown>"), [" ", 2] as const];
    const words = [...forms(3, "hal"), ...forms(4, "perec"), ...forms(5, "alma")];
    const other = morphTokenizer(
      { roots: [...roots, ...words], suffixes: forms(10, "k ak ek"), subwords: [] },
      { language },
    );
    expect(other.name).toBe("morph-xx");
    const text = "halak perecek almak";
    expect([...other.encode(text)]).toEqual([3, 10, 2, 4, 10, 2, 5, 10]);
    expect(other.decode(other.encode(text))).toBe(text);
  });

  it.each([
    [{ roots: [] }, /roots must be with "<uppercase>"/],
    [{ suffixes: [["", 9]] }, /suffixes must be made of texts that are not empty/],
    [{ suffixes: [["a", -1]] }, /suffixes: a must be a whole number/],
    [{ suffixes: [["a", 2 ** 31]] }, /suffixes: a must be a whole number/],
    [{ suffixes: forms(20013, "ım im um") }, /with 4 forms of the id 20013/],
  ])("refuses %j", (change, message) => {
    const dictionaries = { ...TURKISH_WORDS, ...change } as MorphDictionaries;
    expect(() => morphTokenizer(dictionaries, { language: TURKISH })).toThrow(message);
  });

  it("refuses rules that overlap, and ids that are none", () => {
    const rule = { from: 3, to: 6, choices: [] };
    const language = { ...TURKISH, forms: [rule, { ...rule, from: 5 }] };
    expect(() => morphTokenizer(TURKISH_WORDS, { language })).toThrow(/without overlap/);
    expect(() => turkish.decode([1.5])).toThrow(/id must be a whole number/);
  });
});

it.each([
  ["kitap", "Kitap"],
  ["ıSI", "Isi"],
  ["ßa", "Ssa"],
  ["ﬁn", "Fin"],
  ["ǆa", "ǅa"],
  ["ᾳ", "ᾼ"],
  ["ლე", "ლე"],
  ["ŉA", "ʼNa"],
  ["ΟΔΟΣ", "Οδος"],
  ["", ""],
])("capitalized(%j) is %j", (word, expected) => {
  expect(capitalized(word)).toBe(expected);
});
