import { type HeldOutBook, questions, recallPrompt, scene } from "@frugal/reference-models";
import { floats } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import {
  type FakeImages,
  fakeCache,
  fakeSubject,
  PICTURE_TOKENS,
} from "../../test/fake-subject.js";
import { measure } from "../measure.js";
import type { Arm, CacheMethod, DraftMethod, ImageMethod } from "../types.js";
import { perplexity } from "./perplexity.js";
import { pairsSeen } from "./presence.js";
import { needsAllRows, recall } from "./recall.js";
import { speculation } from "./speculation.js";
import { picturePrompt, vqa } from "./vqa.js";

const paragraph =
  "The old miller went to the wood, and there he met a fox that could speak like a man. ";
const BOOKS: HeldOutBook[] = [0, 1].map((book) => {
  const paragraphs = Array.from({ length: 14 }, (_, i) => `${book} ${i} ${paragraph}`);
  return { title: `book ${book}`, paragraphs, text: paragraphs.join("\n") };
});

/** One picture, because others have other answers to its questions; its answers are short, because letters are tokens. */
const PICTURE = [...Array(100).keys()].find((seed) =>
  questions(scene(seed), seed, 3).every(({ answer }) => answer.length < 30),
)!;
const ANSWERS = new Map(
  questions(scene(PICTURE), PICTURE, 3).map(({ question, answer }) => [question, answer]),
);

describe("vqa", () => {
  const knowing = (least: number) =>
    fakeSubject((text, { imageTokens }) => {
      const [head, question, said] = /^<user>(.*)<assistant>(.*)$/s.exec(text) ?? [];
      if (head === undefined || said === undefined) return text;
      const right = ANSWERS.get(question!)!;
      return `<user>${question}<assistant>${imageTokens >= least ? right : "no idea"}`;
    });
  const pruner = (keeps: number, dependsOn?: "question"): Arm<ImageMethod> => {
    const method: FakeImages = {
      name: `keeps ${keeps}`,
      keeps,
      ...(dependsOn ? { dependsOn } : {}),
    };
    return { name: method.name, keepRatio: keeps / PICTURE_TOKENS, method };
  };
  const full: Arm<ImageMethod> = { name: "full", keepRatio: 1 };

  test("counts exact answers and the rows that were read; frees every cache", async () => {
    const subject = knowing(8);
    const table = await measure(vqa(subject), [full, pruner(8), pruner(4)], {
      samples: 1,
      firstIndex: PICTURE,
    });
    expect(table.rows.map(({ quality }) => quality)).toEqual([1, 1, 0]);
    expect(table.rows[0]!.samples).toBe(3);
    const [all, half, quarter] = table.rows.map((row) => row.tokensProcessed) as [
      number,
      number,
      number,
    ];
    expect(all - half).toBeCloseTo(8, 9);
    expect(half - quarter).toBeCloseTo(4, 9);
    expect(subject.open()).toBe(0);
  });

  test("a method that looks at the question gets one prefix a question", async () => {
    const subject = knowing(8);
    const arms = [full, pruner(8, "question"), pruner(4, "question")];
    const table = await measure(vqa(subject), arms, { samples: 1, firstIndex: PICTURE });
    expect(table.rows.map(({ quality }) => quality)).toEqual([1, 1, 0]);
    expect(subject.open()).toBe(0);
  });

  test("refuses a model whose template has no picture", () => {
    const subject = { ...knowing(1), imageTokenId: 99 };
    expect(() => picturePrompt(subject, "what?")).toThrow(/pictures in its chat template/);
  });
});

describe("recall", () => {
  const subject = fakeSubject((text, { kept }) => {
    const index = text.indexOf("\nQuestion: ");
    const end = text.indexOf("?", index) + 1;
    if (index < 0 || end === 0) return text;
    const asked = text.slice(0, end);
    const known = [...Array(128).keys()]
      .map((seed) => recallPrompt(BOOKS, seed, { factCount: 6, paragraphCount: 10 }))
      .find(({ prompt }) => prompt === `${asked} Answer:`);
    return `${asked} Answer: ${kept >= 500 ? known?.answer : "the moon"}. More`;
  });
  const arms: Arm<CacheMethod>[] = [
    { name: "full", keepRatio: 1 },
    { name: "much", keepRatio: 0.5, method: fakeCache("much", 500) },
    { name: "little", keepRatio: 0.1, method: fakeCache("little", 100) },
  ];
  // Characters are tokens here: an answer is longer than the words of a real tokenizer.
  const options = { books: BOOKS, maxTokens: 3000, answerTokens: 40 };

  test("reads the answer behind the model's own lead and up to the full stop", async () => {
    const table = await measure(recall(subject, options), arms, { samples: 2 });
    expect(table.rows.map(({ quality }) => quality)).toEqual([1, 1, 0]);
    expect(table.rows.map((row) => row.tokensProcessed).slice(1)).toEqual([500, 100]);
    expect(table.rows[0]!.tokensProcessed).toBeGreaterThanOrEqual(700);
    expect(subject.open()).toBe(0);
  });

  test("says so when no prompt has the length", async () => {
    const short = recall(subject, { ...options, minTokens: 10, maxTokens: 20 });
    await expect(measure(short, arms, { samples: 1 })).rejects.toThrow(/minTokens, maxTokens/);
  });

  test("policies that look at all rows cannot work on a fork", () => {
    const policy = (rows?: "all" | "last" | { last: number }): CacheMethod => ({
      scorer: {
        name: "x",
        needs: () => ({
          mass: { signal: "columnMass", part: "decoder", ...(rows ? { rows } : {}) },
        }),
      },
    });
    expect(needsAllRows(subject, policy("all"))).toBe(true);
    expect(needsAllRows(subject, policy())).toBe(true);
    expect(needsAllRows(subject, policy("last"))).toBe(false);
    expect(needsAllRows(subject, policy({ last: 8 }))).toBe(false);
  });
});

describe("speculation", () => {
  const drafter = { name: "guess" };
  const verifier = { name: "exact", exact: true };
  const arms: Arm<DraftMethod>[] = [
    { name: "full", keepRatio: 1 },
    { name: "guess", keepRatio: null, method: { drafter, verifier } },
  ];

  test("the same text counts, steps are saved", async () => {
    const subject = fakeSubject((text) => `${text}x`);
    const table = await measure(speculation(subject, { books: BOOKS }), arms, { samples: 3 });
    expect(table.rows.map(({ quality }) => quality)).toEqual([1, 1]);
    expect(table.rows[0]!.details).toMatchObject({
      steps: 63,
      tokensPerStep: 1,
      acceptanceRate: 0,
    });
    expect(table.rows[1]!.details).toMatchObject({ steps: 32, tokensPerStep: 63 / 32 });
    expect(subject.open()).toBe(0);
  });

  test("another text does not", async () => {
    let calls = 0;
    const subject = fakeSubject((text) => `${text}${"abc"[calls++ % 3]}`);
    const table = await measure(speculation(subject, { books: BOOKS, newTokens: 7 }), arms, {
      samples: 2,
    });
    expect(table.rows[1]!.quality).toBe(0);
  });
});

describe("perplexity", () => {
  test("a foreknown text costs little; the tokens are those that stay", async () => {
    const { text } = BOOKS[0]!;
    const subject = fakeSubject((so, { kept }) =>
      kept < 50 ? `${so}?` : ([text, BOOKS[1]!.text].find((all) => all.startsWith(so)) ?? so),
    );
    const arms: Arm<CacheMethod>[] = [
      { name: "full", keepRatio: 1 },
      { name: "little", keepRatio: 0.1, method: fakeCache("little", 40) },
    ];
    const task = perplexity(subject, { books: BOOKS, prefixTokens: 400, scoredTokens: 100 });
    const table = await measure(task, arms, { samples: 2 });
    expect(table.rows[0]!.quality).toBeLessThan(0.01);
    expect(table.rows[1]!.quality).toBeGreaterThan(9);
    expect(table.rows.map((row) => row.tokensProcessed)).toEqual([400, 40]);
    expect(subject.open()).toBe(0);
  });

  test("refuses windows that no book holds", () => {
    const subject = fakeSubject((text) => text);
    expect(() => perplexity(subject, { books: BOOKS, prefixTokens: 4000 })).toThrow(/prefixTokens/);
  });
});

describe("presence", () => {
  test("a pair is seen above 0", () => {
    const head = {
      weight: floats([2, 2], Float32Array.of(1, 0, 0, 1)),
      bias: floats([2], Float32Array.of(-1, 0)),
    };
    expect([...pairsSeen(floats([2], Float32Array.of(2, 0)), head)]).toEqual([1, 0]);
    expect(() => pairsSeen(floats([3], new Float32Array(3)), head)).toThrow(/presence head/);
  });
});
