import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../load.js";
import { trainSentencePiece } from "./sentencepiece.js";
import { sentencePieceFile } from "./sentencepiece-file.js";
import { sentencePieceSpec } from "./sentencepiece-options.js";
import { pieceRules } from "./sentencepiece-rules.js";

const LINES = [
  "the lower the newer the lowest the newest",
  "a wider and wider lower new low river",
  "the low river lowers 12 new rivers in 1212",
  "now the newest lowest river is the lower river",
];
const SOFT = { hardVocabularyLimit: false, characterCoverage: 1 } as const;

const allowed = (piece: string, options: object = {}): boolean => {
  const codes = Array.from(piece, (character) => character.codePointAt(0)!);
  return pieceRules(sentencePieceSpec(options))(codes, 0, codes.length);
};

describe("which runs may be a piece", () => {
  it("lets a mark stand in front only, or where the options say", () => {
    expect([allowed("▁ab"), allowed("ab▁"), allowed("a▁b"), allowed("▁▁a")]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    const suffix = { treatWhitespaceAsSuffix: true };
    expect([allowed("ab▁", suffix), allowed("▁ab", suffix), allowed("▁", suffix)]).toEqual([
      true,
      false,
      true,
    ]);
    const over = { splitByWhitespace: false };
    expect([allowed("a▁b", over), allowed("▁a▁b", over), allowed("a▁", over)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([allowed("▁▁"), allowed("▁▁", { allowWhitespaceOnlyPieces: true })]).toEqual([
      false,
      true,
    ]);
  });

  it("keeps scripts and digits apart, or not", () => {
    expect([allowed("F1"), allowed("F1", { splitByNumber: false })]).toEqual([false, true]);
    expect([allowed("12"), allowed("12", { splitDigits: true })]).toEqual([true, false]);
    expect(allowed("1", { splitDigits: true })).toBe(true);
    expect([allowed("aж"), allowed("aж", { splitByUnicodeScript: false })]).toEqual([false, true]);
    // Kana and Han go together, a combining mark goes with what is before it.
    expect([allowed("日のー"), allowed("e\u0301a")]).toEqual([true, true]);
    expect([allowed("a'"), allowed("a\tb"), allowed("a\u2585")]).toEqual([false, false, false]);
    expect([allowed("a".repeat(17)), allowed("abc", { maxPieceLength: 2 })]).toEqual([
      false,
      false,
    ]);
  });
});

describe("trainSentencePiece", () => {
  it("learns BPE: the most frequent pair, then the shorter, then the smaller", async () => {
    const { pieces, scores, types } = await trainSentencePiece(["abab abab", "cdcd"], {
      modelType: "bpe",
      vocabularySize: 14,
      ...SOFT,
    });
    // "ab" four times; then "▁ab" and "abab"... of count two the shorter, then the smaller.
    expect(pieces.slice(0, 5)).toEqual(
      ["<unk>", "<s>", "</s>", "ab", "▁abab"].slice(0, 4).concat(pieces[4]!),
    );
    expect(pieces[4]).toBe("cd");
    expect([...scores.slice(3, 6)]).toEqual([-0, -1, -2]);
    expect([...types.slice(0, 4)]).toEqual([2, 3, 3, 1]);
    // Characters come last, the most frequent first.
    expect(pieces.slice(-5)).toEqual(["a", "b", "▁", "c", "d"]);
  });

  it("does not merge a piece again that arises in a second way", async () => {
    const { pieces } = await trainSentencePiece(["abc abc abc xab bcx", "zbc zbc"], {
      modelType: "bpe",
      vocabularySize: 60,
      ...SOFT,
    });
    expect(new Set(pieces).size).toBe(pieces.length);
  });

  it("learns words and characters with the logarithm of their share", async () => {
    const words = await trainSentencePiece(["a b a", "a c"], {
      modelType: "word",
      vocabularySize: 5,
      ...SOFT,
    });
    expect(words.pieces).toEqual(["<unk>", "<s>", "</s>", "▁a", "▁b"]);
    expect(words.scores[3]).toBeCloseTo(Math.log(3 / 5), 6);
    const characters = await trainSentencePiece(["aab"], { modelType: "char", ...SOFT });
    expect(characters.pieces.slice(3)).toEqual(["a", "b", "▁"]);
    expect(characters.scores[3]).toBeCloseTo(Math.log(2 / 4), 6);
    const all = await trainSentencePiece(["a b a", "a c"], {
      modelType: "word",
      vocabularySize: 4,
      useAllVocabulary: true,
    });
    expect(all.pieces.slice(3)).toEqual(["▁a", "▁b", "▁c"]);
  });

  it("learns Unigram pieces, the most probable first, none that is better split", async () => {
    const trained = await trainSentencePiece(LINES, { vocabularySize: 40, ...SOFT });
    const { pieces, scores } = trained;
    expect(pieces.slice(0, 3)).toEqual(["<unk>", "<s>", "</s>"]);
    // What sentencepiece 0.2.3 gives for these lines, with its scores to three decimals.
    const known = {
      "▁": -2.092,
      t: -2.416,
      "▁river": -2.8,
      "▁lower": -3.082,
      "▁new": -3.37,
      d: -3.383,
    };
    for (const [piece, score] of Object.entries(known))
      expect(scores[pieces.indexOf(piece)]).toBeCloseTo(score, 2);
    expect(pieces).toHaveLength(32);
    expect([...scores.slice(3)]).toEqual([...scores.slice(3)].sort((a, b) => b - a));
    const tokenizer = await loadTokenizer(sentencePieceFile(trained));
    for (const line of LINES) {
      const ids = tokenizer.encode(line);
      expect(tokenizer.decode(ids)).toBe(line);
      expect(ids.length).toBeLessThan(line.length * 0.7);
    }
  });

  it("puts named pieces where their ids are, and cuts the text at them", async () => {
    const trained = await trainSentencePiece([...LINES, "the<sep>the"], {
      modelType: "bpe",
      vocabularySize: 300,
      byteFallback: true,
      controlSymbols: ["<ctl>"],
      userDefinedSymbols: ["<sep>", "<s>"],
      ids: { unknown: 1, bos: 3, eos: -1, pad: 0 },
      ...SOFT,
    });
    const { pieces, types } = trained;
    expect(pieces.slice(0, 5)).toEqual(["<pad>", "<unk>", "<ctl>", "<s>", "<sep>"]);
    expect([...types.slice(0, 5)]).toEqual([3, 2, 3, 4, 4]);
    expect(types.filter((type) => type === 6)).toHaveLength(256);
    expect(pieces.some((piece) => piece.includes("sep") && piece !== "<sep>")).toBe(false);
    const tokenizer = await loadTokenizer(sentencePieceFile(trained));
    const ids = [...tokenizer.encode("the<sep>日")];
    expect(ids).toContain(4);
    expect(ids.slice(-3).map((id) => tokenizer.idToToken(id))).toEqual([
      "<0xE6>",
      "<0x97>",
      "<0xA5>",
    ]);
    expect(tokenizer.specialIds).toMatchObject({ unknown: 1, pad: 0 });
  });

  it("leaves rare characters out, but for required ones", async () => {
    const lines = [...Array.from({ length: 200 }, () => "ababab"), "xyz"];
    const options = { modelType: "char", vocabularySize: 50, characterCoverage: 0.99 } as const;
    expect((await trainSentencePiece(lines, options)).pieces.slice(3)).toEqual(["a", "b", "▁"]);
    const required = await trainSentencePiece(lines, { ...options, requiredCharacters: "zq" });
    expect(required.pieces.slice(3)).toEqual(["a", "b", "▁", "z", "q"]);
  });

  it("counts the lines that it leaves out", async () => {
    const lines = ["ab", "é".repeat(6), "a\u2585b", "", "a".repeat(11)];
    const { skipped, pieces } = await trainSentencePiece(lines, {
      modelType: "char",
      maxSentenceLength: 10,
      ...SOFT,
    });
    expect(skipped).toEqual({ tooLong: 2, reserved: 1 });
    expect(pieces).not.toContain("é");
  });

  it("takes lines as they come, and stops when it is told to", async () => {
    async function* stream() {
      yield* LINES;
    }
    const options = { modelType: "bpe", vocabularySize: 40, ...SOFT } as const;
    const listed = await trainSentencePiece(LINES, options);
    expect((await trainSentencePiece(stream(), options)).pieces).toEqual(listed.pieces);
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(trainSentencePiece(LINES, { signal })).rejects.toThrow("stopped");
  });

  it("refuses what is no option, and what the lines do not give", async () => {
    const refused = (options: object, message: RegExp) =>
      expect(trainSentencePiece(LINES, options)).rejects.toThrow(message);
    await refused({ modelType: "other" }, /modelType/);
    await refused({ characterCoverage: 0.5 }, /characterCoverage/);
    await refused({ maxSentenceLength: 3 }, /maxSentenceLength/);
    await refused({ splitDigits: 1 }, /splitDigits must be true or false/);
    await refused({ useAllVocabulary: true }, /useAllVocabulary/);
    await refused({ vocabularySize: 10 }, /at least \d+, for all characters/);
    await refused({ modelType: "word", vocabularySize: 5000 }, /at most \d+, which is all/);
    await refused({ ids: { unknown: -1 } }, /ids.unknown/);
    await refused({ ids: { bos: 0 } }, /ids.bos must be a free id/);
    await refused({ controlSymbols: ["<x>", "<x>"] }, /controlSymbols/);
    await refused({ userDefinedSymbols: ["<unk>"] }, /userDefinedSymbols/);
    await refused({ characterMap: Uint8Array.of(1, 2) }, /characterMap/);
    await expect(trainSentencePiece("a text" as never)).rejects.toThrow(/Split it/);
    await expect(trainSentencePiece([1] as never)).rejects.toThrow(/lines\[0\]/);
    await expect(trainSentencePiece([])).rejects.toThrow(/at least one character/);
  });
});
