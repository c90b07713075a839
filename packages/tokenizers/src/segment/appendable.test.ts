import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { engineFile } from "../../test/engine-files.js";
import { drawing, drawnText, PRE_TOKENIZERS } from "../../test/engine-texts.js";
import { loadModel } from "../../test/models.js";
import { characterFile } from "../../test/small.js";
import { loadTokenizer, type Tokenizer } from "../index.js";
import { appendableEncoder } from "./appendable.js";
import { intervalCounter } from "./interval-counter.js";

const PLAIN = { addSpecialTokens: false } as const;

async function tokenizers(): Promise<Tokenizer[]> {
  const some = PRE_TOKENIZERS.filter(([name]) => /o200k|llama3|a space|deepseek/.test(name));
  return [
    await loadModel("fables"),
    ...(await Promise.all(some.map(([, json]) => loadTokenizer(engineFile(json, false))))),
  ];
}

describe("a text that grows and is cut back", () => {
  it("has the ids of the text after every step", async () => {
    for (const tokenizer of await tokenizers()) {
      const draw = drawing(61);
      const encoder = appendableEncoder(tokenizer);
      let text = "";
      for (let i = 0; i < 300; i++) {
        if (draw(4) === 0) {
          text = text.slice(
            0,
            draw(8) === 0 ? draw(text.length + 1) : Math.max(0, text.length - draw(30)),
          );
          encoder.truncate(text.length);
        } else {
          const chunk = draw(20) === 0 ? drawnText(draw, 200) : drawnText(draw, 3);
          text += chunk;
          encoder.push(chunk);
        }
        expect(encoder.length).toBe(text.length);
        if (draw(3) === 0) continue;
        const expected = tokenizer.encode(text, PLAIN);
        expect(encoder.tokenCount).toBe(expected.length);
        expect([text, ...encoder.ids()]).toEqual([text, ...expected]);
      }
    }
  });

  it("forgets a cut when the space behind it goes", async () => {
    const tokenizer = await loadModel("fables");
    const encoder = appendableEncoder(tokenizer);
    encoder.push("some thing");
    encoder.truncate(4);
    encoder.push("where else");
    expect(encoder.ids()).toEqual(tokenizer.encode("somewhere else", PLAIN));
  });

  it("encodes each unit a bounded number of times", async () => {
    const tokenizer = await loadModel("fables");
    let units = 0;
    const encode: Tokenizer["encode"] = (text, options) => {
      units += text.length;
      return tokenizer.encode(text, options);
    };
    const counting = Object.create(tokenizer, { encode: { value: encode } }) as Tokenizer;
    const text = "a small word and then another one ".repeat(600);
    const encoder = appendableEncoder(counting);
    for (const unit of text) {
      encoder.push(unit);
      if (unit === " ") void encoder.tokenCount;
    }
    expect(encoder.tokenCount).toBe(tokenizer.count(text, PLAIN));
    expect(units).toBeLessThan(4 * text.length);
  });
});

describe("tokens of a part", () => {
  it("are those of the part by itself", async () => {
    for (const tokenizer of await tokenizers()) {
      const draw = drawing(62);
      const text = drawnText(draw, 900);
      const counter = intervalCounter(tokenizer, text);
      for (let i = 0; i < 150; i++) {
        const start = draw(text.length + 1);
        const end = start + draw(draw(2) === 0 ? text.length - start + 1 : 12);
        const part = [start, Math.min(end, text.length)] as const;
        expect([...part, counter.count(...part)]).toEqual([
          ...part,
          tokenizer.count(text.slice(...part), PLAIN),
        ]);
      }
      expect(counter.count(0, text.length)).toBe(tokenizer.count(text, PLAIN));
    }
  });

  it("need the two ends encoded only", async () => {
    const tokenizer = await loadModel("fables");
    let units = 0;
    const count: Tokenizer["count"] = (text, options) => {
      units += text.length;
      return tokenizer.count(text, options);
    };
    const counting = Object.create(tokenizer, { count: { value: count } }) as Tokenizer;
    const text = "a small word and then another one ".repeat(600);
    const counter = intervalCounter(counting, text);
    expect(units).toBeLessThanOrEqual(text.length);
    units = 0;
    for (let i = 0; i < 20; i++) counter.count(i * 50 + 3, text.length - 7);
    expect(units).toBeLessThan(20 * 1100);
  });
});

it("refuses what cannot be done", async () => {
  const tokenizer = await loadModel("fables");
  expect(() => appendableEncoder(tokenizer).truncate(1)).toThrow(FrugalError);
  expect(() => appendableEncoder(tokenizer).push(1 as unknown as string)).toThrow(FrugalError);
  expect(() => intervalCounter(tokenizer, "abc").count(2, 1)).toThrow(/end/);
  expect(() => intervalCounter(tokenizer, "abc").count(0, 4)).toThrow(/end/);
  const whole = await loadTokenizer(characterFile());
  expect(() => appendableEncoder(whole)).toThrow(/before spaces/);
});
