import { describe, expect, it } from "vitest";
import { Lexicon } from "../segment/lexicon.js";
import { libEncoder } from "../segment/lib.js";
import { trainLib } from "./lib.js";

const always = (): number => 0;
const never = (): number => 0.999;

/** A generator of Park and Miller. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

describe("trainLib", () => {
  it("learns what it sees for the second time in a document", async () => {
    const once = await trainLib([["ab"], ["ab"]], { random: always });
    expect(once.learntPerDocument).toEqual([0, 0]);
    const twice = await trainLib([["ab", "ab"]], { random: always });
    expect(twice.learntPerDocument).toEqual([1]);
    expect(twice.lexicon).toContain("ab");
  });

  it("learns nothing where the numbers say so, nor what is too long", async () => {
    const sentences = ["abcabc", "abcabc"];
    expect((await trainLib([sentences], { random: never })).lexicon).toEqual(["a", "b", "c"]);
    const { lexicon } = await trainLib([sentences, sentences], { random: always, maxLength: 3 });
    expect(Math.max(...lexicon.map((chunk) => chunk.length))).toBeLessThanOrEqual(3);
  });

  it("learns a gap of unknown characters up to its limit", async () => {
    const sentences = ["xya", "xya"];
    const options = { random: always, alphabet: ["a"] };
    expect((await trainLib([sentences], options)).lexicon).toContain("xy");
    expect((await trainLib([sentences], { ...options, miniGap: 1 })).lexicon).not.toContain("xy");
  });

  it("forgets what is of no use in its life", async () => {
    const documents = [["aa"], ["aa"], ["aa"]];
    const options = { random: never, alphabet: ["a", "q"] };
    expect((await trainLib(documents, { ...options, life: 4 })).lexicon).toEqual(["a", "q"]);
    expect((await trainLib(documents, { ...options, life: 3 })).lexicon).toEqual(["a"]);
  });

  it("draws one number for each chunk that is short enough, in order", async () => {
    let drawn = 0;
    const random = (): number => {
      drawn++;
      return 0.999;
    };
    await trainLib([["abcde"]], { random });
    expect(drawn).toBe(5);
    await trainLib([["abcde"]], { random, maxLength: 2 });
    expect(drawn).toBe(5);
  });

  it("gives the same for the same numbers, chunks once each", async () => {
    const documents = Array.from({ length: 20 }, () => ["thecatandthehat", "thehatandthecat"]);
    const options = { memoryIn: 0.7, memoryOut: 0.1, life: 3 };
    const first = await trainLib(documents, { ...options, random: seeded(7) });
    expect(await trainLib(documents, { ...options, random: seeded(7) })).toEqual(first);
    expect(new Set(first.lexicon).size).toBe(first.lexicon.length);
    const { tokenize, encode } = libEncoder(first.lexicon, { lookAhead: true });
    expect(tokenize("thecatandthehat").join("")).toBe("thecatandthehat");
    expect(encode("thecatandthehat").length).toBeLessThan(15);
  });

  it.each([
    [{ memoryIn: 1.5 }, /memoryIn must be/],
    [{ updateRate: 1 }, /updateRate must be in 0..1, below 1/],
    [{ life: -1 }, /life must be/],
    [{ random: 1 as unknown as () => number }, /random must be a function/],
  ])("refuses %j", async (change, message) => {
    await expect(trainLib([["a"]], { random: always, ...change })).rejects.toThrow(message);
  });

  it("refuses documents that are none, and stops where it is told to", async () => {
    await expect(trainLib(["a"] as unknown as string[][], { random: always })).rejects.toThrow(
      /documents must be/,
    );
    const signal = AbortSignal.abort(new Error("no"));
    await expect(trainLib([["a"]], { random: always, signal })).rejects.toThrow("no");
  });
});

describe("libEncoder", () => {
  const lexicon = ["nd", "t", "and", "a", "n", "d", "ta", "the"];

  it("takes the longest chunk, or the way with fewer and better ones", () => {
    expect(libEncoder(lexicon).tokenize("tandthe")).toEqual(["ta", "nd", "the"]);
    expect(libEncoder(lexicon, { lookAhead: true }).tokenize("tandthe")).toEqual([
      "t",
      "and",
      "the",
    ]);
    expect(libEncoder(lexicon, { maxLength: 2 }).tokenize("the")).toEqual(["t", "h", "e"]);
    expect([...libEncoder(lexicon).encode("tand")]).toEqual([6, 0]);
    expect(libEncoder(lexicon, { lookAhead: true }).tokenize("a😀ta")).toEqual(["a", "😀", "ta"]);
    expect(libEncoder(lexicon).tokenize("")).toEqual([]);
  });

  it("refuses a character without an id, and a wrong lexicon", () => {
    expect(() => libEncoder(lexicon).encode("x")).toThrow(/made of characters of the lexicon/);
    expect(() => libEncoder(["a", "a"])).toThrow(/lexicon\[1\] must be/);
    expect(() => libEncoder([""])).toThrow(/lexicon\[0\] must be/);
    expect(() => libEncoder(["a"], { maxLength: 0 })).toThrow(/maxLength must be/);
  });
});

describe("Lexicon", () => {
  const filled = (): Lexicon => {
    const lexicon = new Lexicon();
    for (const chunk of ["a", "b", "c", "d", "e"]) lexicon.append(chunk);
    return lexicon;
  };

  it("moves by a share of the place and one", () => {
    const lexicon = filled();
    lexicon.move("d", false, 0.5);
    expect(lexicon.chunks).toEqual(["a", "d", "b", "c", "e"]);
    lexicon.move("d", true, 0.2);
    expect(lexicon.chunks).toEqual(["a", "b", "d", "c", "e"]);
    lexicon.move("a", true, 0.9);
    expect(lexicon.chunks[0]).toBe("a");
    lexicon.move("e", true, 0);
    lexicon.number();
    expect([lexicon.has("e"), lexicon.placeOf("c")]).toEqual([false, 3]);
    expect(lexicon.match(["e"], 0, 1)).toEqual([0, 0]);
  });

  it("finds the longest and the second longest chunk, removed ones no more", () => {
    const lexicon = filled();
    lexicon.append("abc");
    lexicon.append("abcde");
    const text = [..."abcdx"];
    expect(lexicon.match(text, 0, 5)).toEqual([3, 1]);
    lexicon.remove(["a", "unknown"]);
    expect(lexicon.match(text, 0, 5)).toEqual([3, 0]);
    expect(lexicon.match([..."abcde"], 0, 5)).toEqual([5, 3]);
  });
});
