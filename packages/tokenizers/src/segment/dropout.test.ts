import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../load.js";
import type { Tokenizer } from "../types.js";
import { type DropoutVariant, withDropout } from "./index.js";

const MERGES = ["e s", "es t", "l o", "lo w", "low est"] as const;
const VARIANTS: readonly DropoutVariant[] = ["paper", "hugging-face", "sentencepiece"];

function file(merges: readonly string[] = MERGES, fields: object = {}) {
  const tokens = new Set(merges.flatMap((merge) => [...merge.replace(" ", "")]));
  for (const merge of merges) tokens.add(merge.replace(" ", ""));
  const vocab = Object.fromEntries([...tokens].map((token, id) => [token, id]));
  return { version: "1.0", model: { type: "BPE", vocab, merges, ...fields } };
}

const split = (tokenizer: Tokenizer, word: string): string =>
  Array.from(tokenizer.encode(word), (id) => tokenizer.idToToken(id)).join(" ");

/** Every way that the draws can fall, with its probability. */
function outcomes(
  p: number,
  encode: (random: () => number) => string,
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const script: boolean[] = [];
  do {
    let at = 0;
    const text = encode(() => {
      if (at === script.length) script.push(true);
      return script[at++] ? 0 : 1 - Number.EPSILON;
    });
    script.length = at;
    const chance = script.reduce((product, dropped) => product * (dropped ? p : 1 - p), 1);
    found.set(text, (found.get(text) ?? 0) + chance);
    while (script.at(-1) === false) script.pop();
    if (script.length > 0) script[script.length - 1] = false;
  } while (script.length > 0);
  return found;
}

/** The paper's own words: at every step each pair is left out by itself, and the first of the rest merges. */
function step(word: string, p: number, random: () => number): string {
  const parts = [...word];
  for (;;) {
    let best = -1;
    let at = -1;
    for (let i = 0; i + 1 < parts.length; i++) {
      const rank = MERGES.indexOf(`${parts[i]} ${parts[i + 1]}` as (typeof MERGES)[number]);
      if (rank < 0 || random() < p) continue;
      if (best < 0 || rank < best) [best, at] = [rank, i];
    }
    if (at < 0) return parts.join(" ");
    parts.splice(at, 2, parts[at]! + parts[at + 1]!);
  }
}

describe("withDropout", () => {
  it("draws from the law of the paper", async () => {
    const draws = [0.9, 0.05, 0.9, 0.05, 0.05];
    expect(step("lowest", 0.1, () => draws.shift()!)).toBe("low e s t");
    const tokenizer = await loadTokenizer(file());
    for (const word of ["lowest", "lowlowest", "estest"]) {
      const expected = outcomes(0.3, (random) => step(word, 0.3, random));
      const found = outcomes(0.3, (random) =>
        split(withDropout(tokenizer, 0.3, { variant: "paper", random }), word),
      );
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [text, chance] of expected) expect(found.get(text)).toBeCloseTo(chance, 12);
    }
  });

  it("keeps a merge away, or lets it come back, as each program does", async () => {
    const tokenizer = await loadTokenizer(file(["a b", "ab c", "b c"]));
    const chance = (variant: DropoutVariant) =>
      outcomes(0.25, (random) =>
        split(withDropout(tokenizer, 0.25, { variant, random }), "abc"),
      ).get("abc");
    expect(chance("paper")).toBeCloseTo(0.75 * 0.75, 12);
    expect(chance("sentencepiece")).toBeCloseTo(0.75 * 0.75, 12);
    // A draw for the stale "b c" that leaves nothing out gives "ab c" a second chance.
    expect(chance("hugging-face")).toBeCloseTo(0.75 * (0.75 + 0.25 * 0.75 * 0.75), 12);
    const back = await loadTokenizer(file(["b c", "d e"]));
    const later = (variant: DropoutVariant) =>
      outcomes(0.25, (random) => split(withDropout(back, 0.25, { variant, random }), "bcde"));
    expect(later("sentencepiece").get("bc de")).toBeCloseTo(0.75 * 0.75, 12);
    expect(later("paper").get("bc de")).toBeCloseTo(0.75 * 0.75 + 0.25 * 0.75 * 0.75, 12);
  });

  it("is `encode` at 0 and single symbols at 1, and always keeps the text", async () => {
    const tokenizer = await loadTokenizer(file());
    for (const variant of VARIANTS) {
      const at = (p: number, random: () => number) =>
        withDropout(tokenizer, p, { variant, random });
      const never = (): number => {
        throw new RangeError("no number is needed");
      };
      expect(at(0, never).encode("lowestlow")).toEqual(tokenizer.encode("lowestlow"));
      expect(split(at(1, Math.random), "lowest")).toBe("l o w e s t");
      let state = 1;
      const random = (): number => {
        state = (state * 48271) % 2147483647;
        return state / 2147483647;
      };
      for (let i = 0; i < 40; i++)
        expect(split(at(0.5, random), "lowestlow").replaceAll(" ", "")).toBe("lowestlow");
    }
  });

  it("draws anew for a word that it has seen", async () => {
    const tokenizer = await loadTokenizer(file());
    const draws = [0.9, 0.9, 0.9, 0.9, 0.9, 0, 0];
    const dropped = withDropout(tokenizer, 0.5, {
      variant: "sentencepiece",
      random: () => draws.shift()!,
    });
    expect(split(dropped, "lowest")).toBe("lowest");
    expect(split(dropped, "lowest")).toBe("l o w e s t");
  });

  it("finds the merges of a vocabulary by rank that merging in order never meets", async () => {
    const names = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    const more = ["ab", "bc", "abc"].map((token) => new TextEncoder().encode(token));
    const ranks = [...names, ...more].map(
      (bytes, rank) => `${btoa(String.fromCharCode(...bytes))} ${rank}`,
    );
    const tokenizer = await loadTokenizer(new TextEncoder().encode(ranks.join("\n")), {
      tiktoken: { pattern: "cl100k" },
    });
    const draws = [0, 0.9, 0.9];
    const dropped = withDropout(tokenizer, 0.5, {
      variant: "sentencepiece",
      random: () => draws.shift()!,
    });
    expect([...dropped.encode("abc")]).toEqual([258]);
    expect(draws).toEqual([]);
  });

  it("refuses what is no option, and other models", async () => {
    const tokenizer = await loadTokenizer(file());
    const random = Math.random;
    for (const p of [-0.1, 1.1, Number.NaN])
      expect(() => withDropout(tokenizer, p, { random })).toThrow(
        /probability must be a number in 0..1/,
      );
    expect(() => withDropout(tokenizer, 0.1, { random: null as never })).toThrow(/random/);
    expect(() => withDropout(tokenizer, 0.1, { random, variant: "other" as never })).toThrow(
      /variant/,
    );
    const words = await loadTokenizer({ version: "1.0", model: { type: "WordLevel", vocab: {} } });
    expect(() => withDropout(words, 0.1, { random })).toThrow(/merges of a BPE model/);
  });
});

describe("a file with dropout", () => {
  it("needs a random source, and then takes it", async () => {
    await expect(loadTokenizer(file(MERGES, { dropout: 0.5 }))).rejects.toThrow(
      /without a random source.*option random/,
    );
    const draws = [0.9, 0.9, 0.9, 0.9, 0.9, 0, 0];
    const random = (): number => draws.shift()!;
    const tokenizer = await loadTokenizer(file(MERGES, { dropout: 0.5 }), { random });
    expect(split(tokenizer, "lowest")).toBe("lowest");
    expect(split(tokenizer, "lowest")).toBe("l o w e s t");
  });

  it("needs none at 0 and at 1", async () => {
    expect(split(await loadTokenizer(file(MERGES, { dropout: 0 })), "lowest")).toBe("lowest");
    expect(split(await loadTokenizer(file(MERGES, { dropout: 1 })), "lowest")).toBe("l o w e s t");
  });
});
