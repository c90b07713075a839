import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundlessBpeEncoder } from "../segment/boundless-bpe.js";
import { type BoundlessEvent, trainBoundlessBpe } from "./boundless-bpe.js";

const OF_THE = new Array<string>(4).fill("end of the king of the hill");

describe("trainBoundlessBpe", () => {
  it("merges words that are tokens by now, and such words again", async () => {
    const { events, vocabulary } = await trainBoundlessBpe(OF_THE, {
      vocabularySize: 300,
      tau: 1.1,
    });
    expect(events).toContainEqual(["supermerge", "Ġof", "Ġthe"]);
    expect(events.some(([kind, left]) => kind === "supermerge" && left === "ĠofĠthe")).toBe(true);
    expect(vocabulary).toContain("ĠofĠthe");
    expect(vocabulary).toHaveLength(256 + events.length);
    const index = (text: string): number =>
      events.findIndex(([, ...parts]) => parts.join("") === text);
    expect(index("ĠofĠthe")).toBeGreaterThan(Math.max(index("Ġof"), index("Ġthe")));
  });

  it("never joins words that hold no letters or only one character", async () => {
    const texts = new Array<string>(5).fill("a - 12 - a - 12");
    const { events } = await trainBoundlessBpe(texts, { vocabularySize: 400 });
    expect(events.filter(([kind]) => kind === "supermerge")).toEqual([]);
  });

  it("does what counting anew after each event does", async () => {
    const word = fc.constantFrom("ab", "abab", "ba", "aab", "aaa", "c", "abc");
    const texts = fc.array(
      fc.array(word, { maxLength: 9 }).map((words) => words.join(" ")),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(
        texts.filter((all) => all.some((text) => text !== "")),
        fc.constantFrom(0.4, 0.9, 1.1),
        fc.constantFrom("bytes" as const, "pair" as const),
        async (all, tau, blowUp) => {
          const { events } = await trainBoundlessBpe(all, { vocabularySize: 275, tau, blowUp });
          expect(events).toEqual(plainEvents(all, tau, blowUp, 275));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("stops where it is told to", async () => {
    const signal = AbortSignal.abort(new Error("no"));
    await expect(trainBoundlessBpe(OF_THE, { signal })).rejects.toThrow("no");
  });

  it.each([
    [OF_THE, { tau: 0 }, /tau must be above 0/],
    [OF_THE, { blowUp: "parts" as "pair" }, /blowUp must be/],
    [OF_THE, { pattern: "(" }, /pattern/],
    ["text" as unknown as string[], {}, /corpus must be a list of texts/],
    [[""], {}, /texts with at least one word/],
    [[7 as unknown as string], {}, /must be a string/],
  ])("refuses %j %j", async (texts, options, message) => {
    await expect(trainBoundlessBpe(texts, options)).rejects.toThrow(message);
  });
});

describe("boundlessBpeEncoder", () => {
  const events: BoundlessEvent[] = [
    ["merge", "o", "f"],
    ["merge", "Ġ", "of"],
    ["delete", "of"],
    ["merge", "h", "e"],
    ["merge", "Ġ", "he"],
    ["supermerge", "Ġof", "Ġhe"],
    ["supermerge", "ĠofĠhe", "Ġof"],
  ];

  it("repeats the events in order, across words too", () => {
    const { tokenize } = boundlessBpeEncoder({ events, vocabulary: [] });
    expect(tokenize("of of he of he")).toEqual(["o", "f", "ĠofĠhe", "ĠofĠhe"]);
    expect(tokenize("he of he of of")).toEqual(["he", "ĠofĠheĠof", "Ġof"]);
    expect(tokenize("")).toEqual([]);
    expect(tokenize("é")).toEqual(["Ã", "©"]);
  });

  it("takes a token back to the two that made it", () => {
    const { tokenize } = boundlessBpeEncoder(
      {
        events: [
          ["merge", "a", "b"],
          ["merge", "ab", "c"],
          ["delete", "abc"],
        ],
        vocabulary: [],
      },
      { blowUp: "pair" },
    );
    expect(tokenize("abc")).toEqual(["ab", "c"]);
  });

  it("gives back the text, by ids of the vocabulary", async () => {
    const model = await trainBoundlessBpe(OF_THE, { vocabularySize: 290 });
    const { encode, tokenize } = boundlessBpeEncoder(model);
    const text = "the end of the hill, of THE 😀";
    const ids = encode(text);
    expect(Array.from(ids, (id) => model.vocabulary[id])).toEqual(tokenize(text));
    expect(tokenize("of the king").join("").replaceAll("Ġ", " ")).toBe("of the king");
  });

  it.each([
    [[["delete", "ab"]], /events\[0\] must be about a token/],
    [[["merge", "ab"]], /events\[0\] must be a merge/],
  ])("refuses %j", (wrong, message) => {
    const model = { events: wrong as unknown as BoundlessEvent[], vocabulary: [] };
    expect(() => boundlessBpeEncoder(model, { blowUp: "pair" })).toThrow(message);
  });
});

type Tokens = string[];

/** After the released code, with everything counted anew; texts of ASCII letters and spaces only. */
function plainEvents(
  texts: string[],
  tau: number,
  blowUp: "bytes" | "pair",
  limit: number,
): BoundlessEvent[] {
  const split = (text: string): string[] => text.match(/ ?[a-z]+/g) ?? [];
  let words: Tokens[] = texts.flatMap(split).map((word) => [...word]);
  let sentences: Tokens[] = texts.map(split);
  const open = new Set<string>();
  const made = new Set(Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)));
  const madeOf = new Map<string, string[]>();
  const events: BoundlessEvent[] = [];
  const name = (text: string): string => text.replaceAll(" ", "Ġ");
  while (made.size < limit) {
    const pair = mostFrequent(words, made, () => true);
    const both = mostFrequent(sentences, made, (word) => open.has(word));
    if (pair === null && both === null) break;
    if (pair !== null && pair.count > (both?.count ?? -1)) {
      const { left, right, count } = pair;
      const shares = [left, right].map(
        (token) => [token, count / words.flat().filter((t) => t === token).length] as const,
      );
      const before = words.map((word) => word.length);
      words = words.map((word) => joined(word, left, right));
      made.add(left + right);
      madeOf.set(left + right, [left, right]);
      events.push(["merge", name(left), name(right)]);
      const isWord = words.some((word, i) => word.length === 1 && before[i]! > 1);
      for (const [token, share] of shares) {
        if (token.length === 1 || share < tau) continue;
        const parts = blowUp === "bytes" ? [...token] : madeOf.get(token)!;
        words = words.map((word) => word.flatMap((t) => (t === token ? parts : [t])));
        events.push(["delete", name(token)]);
      }
      if (isWord && /^.+[a-z]/.test(left + right)) open.add(left + right);
    } else {
      const { left, right } = both!;
      sentences = sentences.map((words) => joined(words, left, right));
      made.add(left + right);
      if (left !== right) open.add(left + right);
      events.push(["supermerge", name(left), name(right)]);
    }
  }
  return events;
}

function mostFrequent(
  lists: readonly Tokens[],
  made: ReadonlySet<string>,
  isOpen: (token: string) => boolean,
): { left: string; right: string; count: number } | null {
  const counts = new Map<string, { left: string; right: string; count: number }>();
  for (const tokens of lists) {
    let isSkipped = false;
    for (let i = 0; i + 1 < tokens.length; i++) {
      const [left, right] = [tokens[i]!, tokens[i + 1]!];
      // In a run of one token every other pair can be merged.
      isSkipped = i > 0 && left === right && tokens[i - 1] === left && !isSkipped;
      if (isSkipped || !isOpen(left) || !isOpen(right) || made.has(left + right)) continue;
      const key = `${left}|${right}`;
      counts.set(key, { left, right, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const [best] = [...counts.values()].sort(
    (a, b) => b.count - a.count || order(a.left, b.left) || order(a.right, b.right),
  );
  return best ?? null;
}

function joined(tokens: Tokens, left: string, right: string): Tokens {
  const out: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] === left && tokens[i + 1] === right) out.push(left + tokens[++i]!);
    else out.push(tokens[i]!);
  }
  return out;
}
