import { FormatError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_JSON_DEPTH, readJson } from "./json.js";

const read = (text: string, options = {}) =>
  readJson(new TextEncoder().encode(text), "file.json", options);

describe("readJson", () => {
  test("gives what JSON.parse gives, for any value in any layout", () => {
    const property = fc.property(fc.json(), fc.constantFrom(0, 1, 4), (text, indent) => {
      if (text.includes("__proto__")) return;
      const value = JSON.parse(text) as unknown;
      const read2 = read(JSON.stringify(value, null, indent));
      expect(JSON.parse(JSON.stringify(read2))).toEqual(value);
    });
    fc.assert(property, { numRuns: 300, seed: 2 });
  });

  test("reads escapes, signs and exponents", () => {
    expect(read(String.raw`["a\"b\\","é\n","😀",-0.5e-3,true,false,null]`)).toEqual([
      'a"b\\',
      "é\n",
      "😀",
      -0.0005,
      true,
      false,
      null,
    ]);
  });

  test.each([
    ['{"a":1,"a":2}', /"a" twice at byte 7/],
    ['{"é":1,x}', /key is missing at byte 8/],
    ['{"__proto__":1}', /__proto__ at byte 1/],
    ['{"a" 1}', /colon is missing/],
    ['{"a":1', /object does not end/],
    ["[1,]", /not a JSON value at byte 3/],
    ["[1 2]", /array does not end/],
    ['"ab', /string does not end at byte 0/],
    ['"a\\"', /string does not end/],
    ['"a\\q"', /not a JSON string/],
    ['"a\tb"', /not a JSON string/],
    ["01", /behind the JSON value at byte 1/],
    ["NaN", /not a JSON value/],
    ["", /not a JSON value at byte 0/],
    ["{} {}", /behind the JSON value at byte 3/],
  ])("refuses %s", (text, message) => {
    expect(() => read(text)).toThrow(FormatError);
    expect(() => read(text)).toThrow(message);
  });

  test("stops at the depth limit, not at the stack's", () => {
    const deep = (n: number) => "[".repeat(n) + "]".repeat(n);
    expect(read(deep(MAX_JSON_DEPTH))).toBeInstanceOf(Array);
    expect(() => read(deep(MAX_JSON_DEPTH + 1))).toThrow(/too deep at byte 64/);
    expect(() => read("[".repeat(1_000_000))).toThrow(/too deep/);
  });

  test("counts offsets from where the text begins, and shows outer keys", () => {
    const keys: [string, number][] = [];
    read(' {"é":{"x":1},"b":2}', {
      offset: 8,
      onKey: (...key: [string, number]) => keys.push(key),
    });
    expect(keys).toEqual([
      ["é", 10],
      ["b", 23],
    ]);
    expect(() => read("{", { offset: 8 })).toThrow(/at byte 9/);
  });

  test("says where UTF-8 breaks", () => {
    const bytes = Uint8Array.of(0x22, 0x61, 0xc3, 0x28, 0x22);
    expect(() => readJson(bytes, "file.json")).toThrow(/not UTF-8 at byte [23]/);
  });

  test("reads a long string in linear time and constant stack", () => {
    const long = "\\\\".repeat(2_000_000);
    expect((read(`"${long}"`) as string).length).toBe(2_000_000);
  });
});
