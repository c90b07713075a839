import { describe, expect, it } from "vitest";
import { drawing, drawnText, PRE_TOKENIZERS } from "../../test/engine-texts.js";
import { fields } from "../formats/fields.js";
import { PATTERNS } from "../formats/patterns.js";
import { patternSplitter } from "../formats/tiktoken.js";
import { buildPreTokenizer } from "../pre-tokenizers/build.js";
import { Spans } from "../pre-tokenizers/spans.js";
import { characterClasses } from "./classes.js";
import { recognized } from "./grammar.js";
import { scanOf, splitterOf } from "./scan.js";

/** The ends of the pieces by the steps of the pipeline, which run the patterns of the file. */
function byPatterns(json: object): (text: string) => number[] {
  const { steps } = buildPreTokenizer(fields(json, "pre_tokenizer"));
  const splits = steps.filter((step) => step.kind === "split");
  return (text) => {
    let pieces: (readonly [number, number])[] = [[0, text.length]];
    for (const { split } of splits)
      pieces = pieces.flatMap(([start, end]) => {
        const spans = new Spans();
        split(text, start, end, spans);
        return Array.from({ length: spans.length / 2 }, (_, i): [number, number] => [
          spans.values[i * 2]!,
          spans.values[i * 2 + 1]!,
        ]);
      });
    return pieces.map(([, end]) => end);
  };
}

function byMachine(json: object): (text: string) => number[] {
  const grammar = recognized(json)!;
  const split = splitterOf(scanOf(grammar, characterClasses(grammar.family === "deepseek")));
  return (text) => {
    const spans = new Spans();
    split(text, 0, text.length, spans);
    return Array.from({ length: spans.length / 2 }, (_, i) => spans.values[i * 2 + 1]!);
  };
}

describe("the machines split as the patterns do", () => {
  it.each(PRE_TOKENIZERS)("%s", (_, json) => {
    const [expected, machine] = [byPatterns(json), byMachine(json)];
    const draw = drawing(5);
    for (let i = 0; i < 4000; i++) {
      // As the tokenizer hands a text on: U+FFFD for a lone surrogate.
      const text = drawnText(draw, 14).replace(/\p{Surrogate}/gu, "\ufffd");
      if (text !== "") expect([text, ...machine(text)]).toEqual([text, ...expected(text)]);
    }
  });
});

it.each(["gpt2", "cl100k", "o200k"] as const)("as the pattern of tiktoken does: %s", (name) => {
  const pattern = { type: "Split", pattern: { Regex: PATTERNS[name] }, behavior: "Isolated" };
  const bytes = { type: "ByteLevel", add_prefix_space: false, use_regex: false };
  const machine = byMachine({ type: "Sequence", pretokenizers: [pattern, bytes] });
  const split = patternSplitter(name, "pattern");
  const draw = drawing(6);
  for (let i = 0; i < 8000; i++) {
    const tail = Array.from({ length: draw(4) }, () => " \n\t\r\u3000"[draw(5)]).join("");
    const text = drawnText(draw, 10).replace(/\p{Surrogate}/gu, "\ufffd") + tail;
    if (text === "") continue;
    const spans = new Spans();
    split(text, 0, text.length, spans);
    const expected = Array.from({ length: spans.length / 2 }, (_, k) => spans.values[k * 2 + 1]!);
    expect([text, ...machine(text)]).toEqual([text, ...expected]);
  }
});

describe("what is not known runs by its patterns", () => {
  it.each([
    { type: "Whitespace" },
    { type: "ByteLevel", use_regex: false },
    { type: "Sequence", pretokenizers: [] },
    { type: "Sequence", pretokenizers: [{ type: "Digits" }, { type: "ByteLevel" }] },
    {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: "\\p{N}" }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, use_regex: false },
      ],
    },
  ])("%j", (json) => {
    expect(recognized(json)).toBeNull();
  });
});
