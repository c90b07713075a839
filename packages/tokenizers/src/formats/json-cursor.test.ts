import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { readJson } from "./json.js";
import { JsonCursor, JsonSpan } from "./json-cursor.js";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function read(source: string | Uint8Array): unknown {
  const cursor = new JsonCursor(typeof source === "string" ? bytesOf(source) : source, "file");
  const value = cursor.value();
  if (cursor.peek() !== -1) throw cursor.broken("something follows");
  return value;
}

const VALID = [
  "0",
  "-0",
  "-1.5e+10",
  "1E400",
  "12345678901234567890",
  "0.1",
  "9007199254740993",
  '""',
  '"\\u00e9\\ud83d\\ude00\\ud800 \\udc00\\/\\b\\f\\n\\r\\t\\\\\\""',
  '"\\ud83d\\ud83d\\ude00"',
  '"\\ud83d\\n"',
  '"é漢😀\u007f\u2028"',
  " [ ] ",
  "[[], {}, [1, [2]]]\n\t\r ",
  '{"a":1,"a":{"b":2},"":null,"__proto__":[true,false],"constructor":"x"}',
  "null",
];

const INVALID = [
  "",
  " ",
  "01",
  "1.",
  ".5",
  "-",
  "+1",
  "1e",
  "--1",
  "Infinity",
  "nul",
  "truex",
  "[1,]",
  "[,1]",
  "[1 2]",
  "{a:1}",
  '{"a" 1}',
  '{"a":1,}',
  '{"a":1',
  '{"a"',
  '"a',
  '"\\x"',
  '"\\u12g4"',
  '"\\u12"',
  '"a\nb"',
  '"\u0000"',
  "[1]]",
  "1 2",
  "\u00a01",
  "'a'",
];

const refusal = (act: () => unknown): unknown => {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("JsonCursor", () => {
  it.each(VALID)("reads %s as JSON.parse does", (text) => {
    expect(JSON.stringify(read(text))).toBe(JSON.stringify(JSON.parse(text)));
    if (typeof JSON.parse(text) === "string" || typeof JSON.parse(text) === "number")
      expect(read(text)).toBe(JSON.parse(text));
  });

  it.each(INVALID)("refuses %j as JSON.parse does, with the byte", (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(
      FrugalError.is(
        refusal(() => read(text)),
        "FormatError",
      ),
    ).toBe(true);
    expect(() => read(text)).toThrow(/at byte \d+/);
  });

  it.each([
    ["a byte that begins nothing", [0x80]],
    ["a short form", [0xc0, 0xaf]],
    ["a short form of three", [0xe0, 0x9f, 0xbf]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["a short form of four", [0xf0, 0x8f, 0xbf, 0xbf]],
    ["beyond U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
    ["a byte above F4", [0xf5, 0x80, 0x80, 0x80]],
    ["a character cut short", [0xe6, 0xbc]],
  ])("refuses a text with %s", (_, bytes) => {
    for (const front of ["", "\\n"]) {
      const file = Uint8Array.from([0x22, ...bytesOf(front), ...bytes, 0x22]);
      expect(() => new TextDecoder("utf-8", { fatal: true }).decode(file)).toThrow();
      expect(() => read(file)).toThrow(/no UTF-8 at byte/);
    }
  });

  it("agrees with JSON.parse on 4,000 changed texts", () => {
    let state = 7;
    const draw = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const parts = [
      '"',
      "\\",
      "u",
      "d83d",
      "[",
      "]",
      "{",
      "}",
      ",",
      ":",
      "1",
      "e",
      "-",
      "é",
      " ",
      "\n",
    ];
    const valid = VALID.join(",");
    let accepted = 0;
    for (let i = 0; i < 4000; i++) {
      let text = `[${valid}]`;
      for (let n = draw(3); n >= 0; n--) {
        const at = draw(text.length);
        const cut = draw(3);
        text =
          text.slice(0, at) + (draw(2) ? parts[draw(parts.length)]! : "") + text.slice(at + cut);
      }
      text = text.replace(/\p{Surrogate}/gu, "?");
      let expected: string | undefined;
      try {
        expected = JSON.stringify(JSON.parse(text));
        accepted++;
      } catch {
        expect(() => read(text)).toThrow();
        continue;
      }
      expect(JSON.stringify(read(text))).toBe(expected);
      const cursor = new JsonCursor(bytesOf(text), "file");
      expect(cursor.skip().count).toBe((JSON.parse(text) as unknown[]).length);
      expect(cursor.peek()).toBe(-1);
    }
    expect(accepted).toBeGreaterThan(300);
  });

  it("passes over what is nested, and refuses what is nested too deep", () => {
    const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(read(deep(64))).toBeDefined();
    for (const depth of [65, 100_000]) {
      expect(() => read(deep(depth))).toThrow(/too deep/);
      expect(() => new JsonCursor(bytesOf(deep(depth)), "file").skip()).toThrow(/too deep/);
    }
    expect(() => read("[".repeat(1_000_000))).toThrow(/too deep/);
  });

  it("refuses more values than a file has", () => {
    expect(() => read(`[${"1,".repeat(1 << 16)}1]`)).toThrow(/too many values.*limit/);
  });
});

describe("readJson", () => {
  it("leaves the big members where they are, the later one of a key that occurs again", () => {
    const text = '\ufeff{"m":{"v":{"a":1},"v":{"b":[2,{"v":3}],"c":4},"w":[5]},"v":{"x":6}}';
    const { value } = readJson(bytesOf(text), "file", ["m.v"]);
    const inner = value.m as Record<string, unknown>;
    const span = inner.v as JsonSpan;
    expect(span).toBeInstanceOf(JsonSpan);
    expect([span.count, span.isList]).toEqual([2, false]);
    expect(JSON.stringify(span.cursor("m.v").value())).toBe('{"b":[2,{"v":3}],"c":4}');
    expect(JSON.stringify([inner.w, value.v])).toBe('[[5],{"x":6}]');
  });

  it("reads lone surrogates of a string as they are", () => {
    const text = '{"a":"\ud800","b":"\\\\\udc00😀"}';
    expect(JSON.stringify(readJson(text, "file").value)).toBe(JSON.stringify(JSON.parse(text)));
    expect(() => readJson('{"a":"\\\ud800"}', "file")).toThrow(/no UTF-8|escape/);
  });
});
