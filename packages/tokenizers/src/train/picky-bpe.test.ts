import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pickyBpeEncoder } from "../segment/picky-bpe.js";
import { trainBpe } from "./bpe.js";
import { type PickyEvent, trainPickyBpe } from "./picky-bpe.js";

const options = { wordStart: "", coverage: 1 } as const;
const KENTUCKY = new Map([
  ["kentucky", 94],
  ["kentuck", 1],
  ["y", 906],
]);

const words = fc
  .dictionary(
    fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 7 }),
    fc.integer({ min: 1, max: 9 }),
    { minKeys: 1, maxKeys: 8 },
  )
  .map((counts) => new Map(Object.entries(counts)));

describe("trainPickyBpe", () => {
  it("takes out what occurs in little else", async () => {
    // 94 of 95 kentuck become part of kentucky, a share of 0.989.
    const goes = async (threshold: number): Promise<boolean> => {
      const given = { ...options, threshold, vocabularySize: 13 };
      const { events } = await trainPickyBpe(KENTUCKY, given);
      expect(events).toContainEqual(["merge", "kentuck", "y"]);
      return events.some(([kind, token]) => kind === "split" && token === "kentuck");
    };
    expect([await goes(0.9), await goes(0.98), await goes(0.99)]).toEqual([true, true, false]);
  });

  it("is plain BPE where nothing may go", async () => {
    await fc.assert(
      fc.asyncProperty(words, async (counts) => {
        const picky = await trainPickyBpe(counts, { ...options, threshold: 1, vocabularySize: 12 });
        const plain = await trainBpe(counts, { vocabularySize: 12 });
        expect(
          picky.events.map(([, left, right]) => [left, right]).slice(0, plain.merges.length),
        ).toEqual(plain.merges.slice(0, picky.events.length));
      }),
    );
  });

  it("does what counting anew after each event does", async () => {
    await fc.assert(
      fc.asyncProperty(words, fc.constantFrom(0.3, 0.5, 0.8), async (counts, threshold) => {
        const given = { ...options, threshold, vocabularySize: 9 };
        const { events } = await trainPickyBpe(counts, given);
        expect(events).toEqual(plainEvents(counts, threshold, 9));
      }),
      { numRuns: 200 },
    );
  });

  it("leaves rare characters out, and cuts words at them", async () => {
    const counts = new Map([
      ["ab", 500],
      ["aqb", 5],
    ]);
    const { events, vocabulary } = await trainPickyBpe(counts, {
      wordStart: "",
      coverage: 0.99,
      vocabularySize: 5,
      specialTokens: ["<UNK>"],
    });
    expect(vocabulary).toEqual(["<UNK>", "a", "b", "ab"]);
    expect(events).toEqual([["merge", "a", "b"]]);
  });

  it("stops where it is told to, and tells how far it is", async () => {
    await expect(
      trainPickyBpe(KENTUCKY, { signal: AbortSignal.abort(new Error("no")) }),
    ).rejects.toThrow("no");
    const done: number[] = [];
    await trainPickyBpe(KENTUCKY, { ...options, onProgress: ({ done: d }) => done.push(d) });
    expect(done.at(-1)).toBeGreaterThan(7);
  });

  it.each([
    [{ threshold: 1.1 }, /threshold must be in 0..1/],
    [{ coverage: -1 }, /coverage must be in 0..1/],
    [{ threshold: Number.NaN }, /threshold must be/],
    [{ vocabularySize: 0 }, /vocabularySize must be/],
  ])("refuses %j", async (change, message) => {
    await expect(trainPickyBpe(KENTUCKY, change)).rejects.toThrow(message);
    await expect(trainPickyBpe(new Map(), {})).rejects.toThrow(/words must be at least one word/);
  });
});

describe("pickyBpeEncoder", () => {
  const events: PickyEvent[] = [
    ["merge", "h", "e"],
    ["merge", "t", "he"],
    ["split", "he", "h", "e"],
    ["merge", "h", "e"],
    ["merge", "a", "a"],
  ];
  const vocabulary = ["?", "_", "a", "h", "e", "t", "the", "he", "aa", "_the"];
  const encoder = pickyBpeEncoder({ events, vocabulary }, { wordStart: "_", unknown: "?" });

  it("repeats the events in order", () => {
    expect(encoder.tokenize("he  hethe\naaa")).toEqual([
      "_",
      "he",
      "_",
      "he",
      "the",
      "_",
      "aa",
      "a",
    ]);
  });

  it("leaves a word whole that is a token", () => {
    expect([...encoder.encode("the")]).toEqual([9]);
    expect(encoder.tokenize("  ")).toEqual([]);
  });

  it("marks characters that it lacks, or refuses them", () => {
    expect(encoder.tokenize("t😀he")).toEqual(["_", "t", "?", "he"]);
    const strict = pickyBpeEncoder({ events, vocabulary });
    expect(() => strict.tokenize("q")).toThrow(/made of characters of the vocabulary/);
  });

  it("gives back the text of a training with removals", async () => {
    await fc.assert(
      fc.asyncProperty(words, async (counts) => {
        const model = await trainPickyBpe(counts, {
          ...options,
          threshold: 0.5,
          vocabularySize: 9,
        });
        const { tokenize } = pickyBpeEncoder(model, { wordStart: "" });
        for (const word of counts.keys()) {
          const tokens = tokenize(word);
          expect(tokens.join("")).toBe(word);
          for (const token of tokens) expect(model.vocabulary).toContain(token);
        }
      }),
    );
  });

  it("takes a long word", () => {
    expect(encoder.tokenize("a".repeat(1 << 16))).toHaveLength((1 << 15) + 1);
  });

  it.each([
    [{ events: [["join", "a", "b"] as unknown as PickyEvent], vocabulary }, /events\[0\] must be/],
    [{ events: [["split", "ab", "a"] as PickyEvent], vocabulary }, /events\[0\] must be/],
  ])("refuses %j", (model, message) => {
    expect(() => pickyBpeEncoder(model)).toThrow(message);
    expect(() => pickyBpeEncoder({ events, vocabulary }, { unknown: "no" })).toThrow(
      /unknown must be/,
    );
  });
});

/** After the paper, with everything counted anew; ties by the order of characters and of first making. */
function plainEvents(
  counts: ReadonlyMap<string, number>,
  threshold: number,
  limit: number,
): PickyEvent[] {
  const order = [...new Set([...counts.keys()].join(""))].sort();
  const made = new Map<string, [string, string]>();
  const present = new Set(order);
  let texts = [...counts].map(([word, count]) => ({ tokens: [...word], count }));
  const events: PickyEvent[] = [];
  const frequency = (token: string): number =>
    texts.reduce(
      (sum, { tokens, count }) => sum + count * tokens.filter((t) => t === token).length,
      0,
    );
  for (let size = order.length; size < limit; size++) {
    const pairs = new Map<string, number>();
    for (const { tokens, count } of texts)
      for (let i = 0; i + 1 < tokens.length; i++)
        pairs.set(
          `${tokens[i]} ${tokens[i + 1]}`,
          (pairs.get(`${tokens[i]} ${tokens[i + 1]}`) ?? 0) + count,
        );
    const rank = (key: string): number[] => key.split(" ").map((t) => order.indexOf(t));
    const [best] = [...pairs].sort(
      (a, b) => b[1] - a[1] || rank(a[0])[0]! - rank(b[0])[0]! || rank(a[0])[1]! - rank(b[0])[1]!,
    );
    if (best === undefined) break;
    const [left, right] = best[0].split(" ") as [string, string];
    const whole = left + right;
    if (!order.includes(whole)) order.push(whole);
    if (!made.has(whole)) made.set(whole, [left, right]);
    present.add(whole);
    events.push(["merge", left, right]);
    const before = new Map([left, right].map((t) => [t, frequency(t)]));
    let merged = 0;
    texts = texts.map(({ tokens, count }) => {
      const out: string[] = [];
      for (let i = 0; i < tokens.length; i++) {
        if (tokens[i] === left && tokens[i + 1] === right) {
          out.push(whole);
          merged += count;
          i++;
        } else out.push(tokens[i]!);
      }
      return { tokens: out, count };
    });
    // Where the first one goes, its parts may add to the second one.
    for (const token of new Set([left, right])) {
      const rest = frequency(token);
      expect(rest).toBeGreaterThanOrEqual(0);
      expect(before.get(token)).toBeGreaterThan(0);
      if (token.length === 1 || !(merged / (rest + merged) > threshold)) continue;
      present.delete(token);
      const parts = (t: string): string[] => (present.has(t) ? [t] : made.get(t)!.flatMap(parts));
      const split = parts(token);
      texts = texts.map(({ tokens, count }) => ({
        tokens: tokens.flatMap((t) => (t === token ? split : [t])),
        count,
      }));
      events.push(["split", token, ...split]);
      size--;
    }
  }
  return events;
}
