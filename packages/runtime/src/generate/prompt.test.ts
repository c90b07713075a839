/** From prompts to rows: placeholders, positions, several pictures. */
import { createRandom } from "@frugal/tensor";
import { keepTokens, type TokenMethod } from "@frugal/vision-token-pruning";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, load } from "../../test/reference.js";
import { tinyEngine } from "../../test/tiny.js";
import type { LanguageModel } from "../model/language-model.js";
import { preparePrompt } from "./prompt.js";

const TOKENS = 256;
let model: LanguageModel;
beforeAll(async () => {
  model = await load("scenes");
});
afterAll(() => model.dispose());

const picture = (shade: number) => ({
  width: 64,
  height: 64,
  data: new Uint8Array(64 * 64 * 3).fill(shade),
});

/** Every `stride`-th token stays, before the first decoder layer. */
const thinned = (stride: number, positions: "keep" | "compact"): TokenMethod => ({
  name: `thinned by ${stride}`,
  open: () => ({
    steps: [
      {
        stage: { at: "prompt" },
        needs: {},
        act: (_, state) =>
          keepTokens(
            Uint32Array.from({ length: state.count / stride }, (_, i) => i * stride),
            state,
            positions === "keep" ? { positions } : {},
          ),
      },
    ],
  }),
});

const placeholders = (count: number): number[] =>
  new Array<number>(count).fill(model.imageTokenId as number);

async function facts(ids: readonly number[], pictures: number, images?: TokenMethod) {
  const prefix = await model.prefill(
    { ids, images: Array.from({ length: pictures }, (_, i) => picture(40 + 90 * i)) },
    images ? { images } : {},
  );
  const { ids: rows, facts: counts, cache } = prefix;
  const positions = [...cache.positions(0, 0)];
  prefix.dispose();
  return { rows, counts, positions };
}

test("one placeholder stands for a picture, or one for each of its tokens", async () => {
  const single = await facts([0, ...placeholders(1), 2, 9], 1);
  const each = await facts([0, ...placeholders(TOKENS), 2, 9], 1);
  expect([...single.rows]).toEqual([...each.rows]);
  expect(single.rows).toHaveLength(TOKENS + 3);
  expect(single.counts.fullPromptTokens).toBe(TOKENS + 3);
});

test("two pictures, side by side or apart", async () => {
  for (const ids of [
    [0, ...placeholders(2 * TOKENS), 2],
    [0, ...placeholders(2), 2],
  ]) {
    const { rows, positions } = await facts(ids, 2);
    expect(rows).toHaveLength(2 * TOKENS + 2);
    expect(positions).toEqual(Array.from({ length: 2 * TOKENS + 2 }, (_, i) => i));
  }
  const apart = await facts([0, ...placeholders(1), 9, 8, ...placeholders(1), 2], 2);
  expect([...apart.rows.subarray(TOKENS + 1, TOKENS + 3)]).toEqual([9, 8]);
});

test("compact positions close the gaps, kept ones leave the text where it was", async () => {
  const ids = [0, ...placeholders(1), 9, ...placeholders(1), 2];
  const compact = await facts(ids, 2, thinned(64, "compact"));
  expect(compact.rows).toHaveLength(11);
  expect(compact.positions).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(compact.counts.fullPromptTokens).toBe(2 * TOKENS + 3);
  const kept = await facts(ids, 2, thinned(64, "keep"));
  expect([...kept.rows]).toEqual([...compact.rows]);
  expect(kept.positions).toEqual([0, 1, 65, 129, 193, 257, 258, 322, 386, 450, 514]);
});

test("a picture's part in the messages says where it stands", async () => {
  const text = "how many objects are there?";
  const implied = [{ role: "user", content: text }];
  const named = [{ role: "user", content: [{ type: "image" }, { type: "text", text }] }];
  const images = [picture(90)];
  const one = await answer(model, { messages: implied, images }, { maxTokens: 8 });
  expect((await answer(model, { messages: named, images }, { maxTokens: 8 })).ids).toEqual(one.ids);
});

test.each([
  ["more pictures than placeholders", 1, 2],
  ["more placeholders than pictures", 2, 1],
] as const)("%s", async (_, places, pictures) => {
  await expect(facts([0, ...placeholders(places), 2], pictures)).rejects.toThrow(/images must be/);
});

test("features are freed when a later picture is refused", async () => {
  const { backend } = model;
  await answer(model, { ids: [0, ...placeholders(1), 2], images: [picture(1)] }, { maxTokens: 1 });
  const before = backend.report().allocatedBytes;
  const images = [picture(1), Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, 1)];
  await expect(answer(model, { ids: placeholders(2), images }, {})).rejects.toMatchObject({
    code: "FormatError",
  });
  expect(backend.report().allocatedBytes).toBe(before);
});

test("a text model takes ids as they are, and no picture", async () => {
  const engine = tinyEngine();
  const options = { random: createRandom(1) };
  const { ids, positions, images } = await preparePrompt(engine, { ids: [3, 1, 4] }, options);
  expect([[...ids], positions, images]).toEqual([[3, 1, 4], undefined, []]);
  const wrong = [{ ids: [] }, { ids: [20] }, { ids: [-1] }, { ids: [1], images: [picture(0)] }];
  for (const prompt of wrong) {
    await expect(preparePrompt(engine, prompt, options)).rejects.toMatchObject({
      code: "ArgumentError",
    });
  }
});
