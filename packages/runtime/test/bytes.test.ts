import { coverEncodings } from "@frugal/tokenizers/segment";
import { beforeAll, describe, expect, test } from "vitest";
import { ByteState, writeOn } from "../src/bytes/index.js";
import type { LanguageModel } from "../src/index.js";
import { load } from "./reference.js";

let model: LanguageModel;
beforeAll(async () => {
  model = await load("fables");
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function lawAfter(text: string): Promise<Float64Array> {
  using state = ByteState.of(model);
  state.push(bytes(text));
  return await state.next();
}

describe("ByteState", () => {
  test("a law: sums to one; byte by byte equals all at once; a fork goes on by itself", async () => {
    using state = ByteState.of(model);
    state.push(bytes("Once upon a ti"));
    const before = await state.next();
    expect(before.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    using fork = state.fork();
    state.push(bytes("m"));
    const stepped = await state.next();
    const whole = await lawAfter("Once upon a tim");
    stepped.forEach((value, byte) => {
      expect(value).toBeCloseTo(whole[byte]!, 6);
    });
    expect(await fork.next()).toEqual(before);
  });

  test("where the text stops inside a word, tokens alone know nothing of its end", async () => {
    const law = await lawAfter("Once upon a tim");
    expect(law["e".charCodeAt(0)]).toBeGreaterThan(0.9);
    const ids = [model.tokenizer.specialIds.bos ?? 0, ...model.tokenizer.encode("Once upon a tim")];
    const cache = model.newCache();
    const { logits } = await model.step({
      rows: [{ cache, tokens: Uint32Array.from(ids) }],
      logits: "last",
    });
    cache.dispose();
    const best = logits[0]!.data.indexOf(logits[0]!.data.reduce((a, b) => Math.max(a, b)));
    expect(model.tokenizer.decode([best]).startsWith("e")).toBe(false);
  });

  test("two bytes compare as the sums over all encodings of the texts with them", async () => {
    const law = await lawAfter("the ki");
    const ratio = Math.log(law["n".charCodeAt(0)]! / law["t".charCodeAt(0)]!);
    expect(ratio).toBeCloseTo((await summed("the kin")) - (await summed("the kit")), 4);
  });

  test("no token before the text is refused", () => {
    expect(() => ByteState.of(model, { prefix: [] })).toThrow(/before the text/);
  });
});

test("writeOn goes on inside a word", async () => {
  let text = "";
  for await (const piece of writeOn(model, "Once upon a tim", { maxTokens: 4 })) text += piece.text;
  expect(text.startsWith("e")).toBe(true);
});

/** Logarithm of the sum over all encodings that begin with the text, each run by itself. */
async function summed(text: string): Promise<number> {
  const { exact, beyond } = coverEncodings(model.tokenizer, bytes(text));
  const sequences = [
    ...exact.map((ids) => [...ids]),
    ...beyond.flatMap(({ left, tokens }) => Array.from(tokens, (id) => [...left, id])),
  ];
  let sum = 0;
  for (const ids of sequences) {
    const all = Uint32Array.of(model.tokenizer.specialIds.bos ?? 0, ...ids);
    const cache = model.newCache();
    const { logits } = await model.step({ rows: [{ cache, tokens: all }], logits: "all" });
    cache.dispose();
    const { data, dims } = logits[0]!;
    const width = dims[1] as number;
    let log = 0;
    ids.forEach((id, i) => {
      const row = data.subarray(i * width, (i + 1) * width);
      const most = row.reduce((a, b) => Math.max(a, b));
      const total = row.reduce((a, b) => a + Math.exp(b - most), 0);
      log += row[id]! - most - Math.log(total);
    });
    sum += Math.exp(log);
  }
  return Math.log(sum);
}
