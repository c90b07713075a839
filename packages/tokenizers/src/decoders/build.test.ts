import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fields } from "../formats/fields.js";
import { streamDecoder } from "../stream.js";
import { buildDecoder } from "./build.js";

function decoded(decoder: object | undefined, tokens: readonly string[], eager = false): string[] {
  const stages = buildDecoder(decoder && fields(decoder, "decoder"));
  const stream = streamDecoder(stages, { tokenOf: (id) => tokens[id] }, undefined, eager);
  return [...tokens.map((_, id) => stream.push(id)), stream.end()];
}

const text = (decoder: object | undefined, tokens: readonly string[]): string =>
  decoded(decoder, tokens).join("");

const sequence = (...decoders: object[]): object => ({ type: "Sequence", decoders });
const replace = (from: string, content: string): object => ({
  type: "Replace",
  pattern: { String: from },
  content,
});
const strip = (content: string, start: number, stop: number): object => ({
  type: "Strip",
  content,
  start,
  stop,
});
const FUSE = { type: "Fuse" };

describe("decoders", () => {
  it("join tokens by spaces where the file has none", () => {
    expect(text(undefined, ["a", "b"])).toBe("a b");
  });

  it("read the byte alphabet, and tokens outside it as they are", () => {
    expect(text({ type: "ByteLevel" }, ["h", "Ã", "©", "Ġx", "Ā", "日"])).toBe("hé x\0日");
    expect(decoded({ type: "ByteLevel" }, ["ð", "Ł", "ĺ", "Ģ"])).toEqual(["", "", "", "😀", ""]);
    expect(text({ type: "ByteLevel" }, ["ï", "»", "¿", "a", "Ã"])).toBe("\ufeffa\ufffd");
  });

  it("read byte tokens, a faulty run as one U+FFFD for each byte", () => {
    const bytes = { type: "ByteFallback" };
    expect(text(bytes, ["<0xC3>", "<0xA9>", "a", "<0x61>", "<0xZZ>"])).toBe("éaa<0xZZ>");
    expect(text(bytes, ["<0x61>", "<0xC3>", "b"])).toBe("\ufffd\ufffdb");
    expect(decoded(bytes, ["<0x61>", "<0xC3>", "b"], true)).toEqual(["a", "", "\ufffdb", ""]);
    expect(decoded(bytes, ["<0xC3>", "<0xA9>"], true)).toEqual(["", "é", ""]);
  });

  it("strip each token, or the whole when fused", () => {
    expect(text(strip("_", 1, 1), ["__a__", "_", "b_"])).toBe("_a_b");
    expect(text(sequence(FUSE, strip("_", 1, 2)), ["_", "_", "a_", "_", "_"])).toBe("_a_");
    expect(text(sequence(FUSE, strip("_", 2, 2)), ["_", "_", "_"])).toBe("");
  });

  it("replace across fused tokens what they form together", () => {
    expect(text(sequence(FUSE, replace("ab", "x")), ["a", "b", "aa", "b"])).toBe("xax");
    expect(text(sequence(replace("ab", "x"), FUSE), ["a", "b", "aab"])).toBe("abax");
    const regex = { type: "Replace", pattern: { Regex: "a+" }, content: "x" };
    expect(text(sequence(FUSE, regex), ["a", "a", "b"])).toBe("xb");
    expect(text(regex, ["a", "a", "b"])).toBe("xxb");
  });

  it("give fused what they give for one token", () => {
    const tokens = fc.array(fc.string({ unit: fc.constantFrom(..."ab_") }), { maxLength: 12 });
    const kinds = [replace("ab", "_"), replace("aab", ""), strip("_", 1, 2), strip("a", 0, 1)];
    fc.assert(
      fc.property(tokens, fc.constantFrom(...kinds), (list, kind) => {
        expect(text(sequence(FUSE, kind), list)).toBe(text(kind, [list.join("")]));
      }),
      { seed: 41, numRuns: 1000 },
    );
  });
});
