import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, test } from "vitest";
import { trainBpe } from "./bpe.js";
import { type TrainParityAwareBpeOptions, trainParityAwareBpe } from "./parity-aware.js";

type Counts = Record<string, number>;
const map = (counts: Counts) => new Map(Object.entries(counts));
const train = async (
  languages: readonly Counts[],
  { dev, ...rest }: Omit<TrainParityAwareBpeOptions, "dev"> & { dev?: readonly Counts[] },
): Promise<string> => {
  const options = dev === undefined ? rest : { ...rest, dev: dev.map(map) };
  const { merges } = await trainParityAwareBpe(languages.map(map), options);
  return merges.map((pair) => pair.join("")).join(" ");
};

const ENGLISH = { abab: 9, abc: 5, cb: 3 };
const HINDI = { xyxy: 3, xyz: 2, zz: 4 };

test("merges for the language whose parallel text is longest", async () => {
  // 100 tokens against 160.
  const dev = [{ abab: 25 }, { xyxy: 40 }];
  expect(await train([ENGLISH, HINDI], { dev, mergeCount: 1 })).toBe("xy");
  // xy brings it to 80, so the first language is next, then the second again (50 against 80): zz stands 4 times, xy xy 3 times.
  expect(await train([ENGLISH, HINDI], { dev, mergeCount: 3 })).toBe("xy ab zz");
});

test("joins a pair in all languages and parallel texts at once", async () => {
  // ab is frequent only in the first language, but shortens the second's parallel text as well.
  const dev = [{ abab: 10 }, { abab: 10 }];
  const languages = [ENGLISH, { abz: 2, zz: 5 }];
  expect(await train(languages, { dev, mergeCount: 2 })).toBe("ab abab");
});

test("breaks ties by the greater strings, the first language where lengths tie", async () => {
  const dev = [{ a: 1 }, { a: 1 }];
  expect(await train([{ ab: 2, cd: 2, c: 9 }, { xy: 9 }], { dev, mergeCount: 1 })).toBe("cd");
  expect(await train([{ ac: 2, ad: 2 }], { dev: [{ a: 1 }], mergeCount: 1 })).toBe("ad");
});

test("one language is byte-pair merging", async () => {
  const plain = await trainBpe(map({ abcabc: 9, bcd: 4, ea: 2 }), { minFrequency: 2 });
  const dev = [{ abc: 1 }];
  expect(await train([{ abcabc: 9, bcd: 4, ea: 2 }], { dev })).toBe(
    plain.merges.map((pair) => pair.join("")).join(" "),
  );
});

test("global merges go by all languages together", async () => {
  const dev = [{ abab: 25 }, { xyxy: 40 }];
  const languages = [
    { ab: 5, zz: 4 },
    { xy: 6, zz: 3 },
  ];
  expect(await train(languages, { dev, mergeCount: 1, globalMerges: 1 })).toBe("zz");
  expect(await train(languages, { dev, mergeCount: 2, globalMerges: 1 })).toBe("zz xy");
});

test("the ratio asks for more compression of one language", async () => {
  expect(await train([ENGLISH, HINDI], { ratio: [1, 1], mergeCount: 1 })).toBe("ab");
  expect(await train([ENGLISH, HINDI], { ratio: [1, 1.5], mergeCount: 1 })).toBe("xy");
  // Only relative: twice both is the same.
  expect(await train([ENGLISH, HINDI], { ratio: [2, 3], mergeCount: 9 })).toBe(
    await train([ENGLISH, HINDI], { ratio: [1, 1.5], mergeCount: 9 }),
  );
});

describe("the window", () => {
  const long = { xyxyxyxyxyxy: 100 };
  const languages = [{ abcdef: 9 }, { xy: 9, yz: 8, xz: 7, zx: 6 }];
  const dev = [{ abcdef: 1 }, long];

  test("passes over a language that was chosen too often", async () => {
    const free = await train(languages, { dev, mergeCount: 3 });
    expect(free).toBe("xy yz xz");
    // A share of 1 of 2 choices: after two for the second language, its share is above a half.
    const window = { size: 2, alpha: 1 };
    expect(await train(languages, { dev, mergeCount: 3, window })).toBe("xy yz ef");
  });

  test("takes the worst language where it holds back all", async () => {
    const window = { size: 1, alpha: 0.5 };
    expect(await train(languages, { dev, mergeCount: 3, window })).toBe("xy ef yz");
  });
});

test("ends where the chosen language has no pair that is frequent enough", async () => {
  const dev = [{ abab: 1 }, { xyxy: 40 }];
  expect(await train([ENGLISH, { xy: 1, ab: 9 }], { dev })).toBe("ab");
  expect(await train([ENGLISH, { xy: 1, ab: 9 }], { dev, minFrequency: 1 })).toBe("ab xy");
});

test("never lengthens the longest parallel text", async () => {
  const languages = [ENGLISH, HINDI, { pqpqrs: 4, rspq: 6 }];
  const dev = [{ abab: 20, abc: 5 }, { xyzxy: 18 }, { pqrspq: 20 }];
  let longest = Infinity;
  for (let mergeCount = 0; mergeCount < 8; mergeCount++) {
    const { merges } = await trainParityAwareBpe(languages.map(map), {
      dev: dev.map(map),
      mergeCount,
    });
    const lengths = dev.map((counts) =>
      Object.entries(counts).reduce((sum, [word, count]) => {
        let text = ` ${[...word].join(" ")} `;
        for (const [left, right] of merges)
          text = text.replaceAll(` ${left} ${right} `, ` ${left}${right} `);
        return sum + text.trim().split(" ").length * count;
      }, 0),
    );
    expect(Math.max(...lengths)).toBeLessThanOrEqual(longest);
    longest = Math.max(...lengths);
  }
});

test("begins with the special tokens and the characters of all texts", async () => {
  const { vocabulary } = await trainParityAwareBpe([map({ b: 1 })], {
    dev: [map({ a: 1 })],
    specialTokens: ["<s>"],
    initialAlphabet: ["c"],
  });
  expect(vocabulary).toEqual(["<s>", "a", "b", "c"]);
});

const words = map({ ab: 2 });
test.each<[string, readonly (typeof words)[], TrainParityAwareBpeOptions]>([
  ["languages", [], { dev: [] }],
  ["dev", [words], {}],
  ["dev", [words], { dev: [words], ratio: [1] }],
  ["dev.length", [words, words], { dev: [words] }],
  ["ratio.length", [words, words], { ratio: [1] }],
  ["ratio", [words], { ratio: [0] }],
  ["ratio", [words], { ratio: [Number.NaN] }],
  ["words", [words, new Map()], { ratio: [1, 1] }],
  ["window.size", [words], { dev: [words], window: { size: 0 } }],
  ["window.alpha", [words], { dev: [words], window: { alpha: -1 } }],
  ["mergeCount", [words], { dev: [words], mergeCount: -1 }],
  ["globalMerges", [words], { dev: [words], globalMerges: 0.5 }],
])("refuses %s", async (argument, languages, options) => {
  const error: unknown = await trainParityAwareBpe(languages, options).catch((e: unknown) => e);
  expect(FrugalError.is(error, "ArgumentError")).toBe(true);
  expect(error).toMatchObject({ argument });
});

test("stops at once", async () => {
  const signal = AbortSignal.abort(new RangeError("enough"));
  await expect(trainParityAwareBpe([words], { dev: [words], signal })).rejects.toThrow("enough");
});
