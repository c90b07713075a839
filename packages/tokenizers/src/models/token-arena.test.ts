import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { ArenaBuilder, TokenArena } from "./token-arena.js";

const NAMES = [
  "",
  "a",
  "__proto__",
  "é",
  "Ġthe",
  "漢字",
  "😀",
  "\ud800",
  "\udc00a",
  "x".repeat(5000),
];

describe("TokenArena", () => {
  it("holds what a Map holds, any string and any id", () => {
    const map = new Map(NAMES.map((name, i) => [name, i * 7 + 3]));
    const arena = TokenArena.of(map);
    expect(arena.size).toBe(map.size);
    expect([...arena]).toEqual([...map]);
    expect([...arena.keys()]).toEqual(NAMES);
    expect([...arena.values()]).toEqual([...map.values()]);
    for (const [name, id] of map) {
      expect(arena.get(name)).toBe(id);
      expect(arena.has(name)).toBe(true);
      expect(arena.tokenOf(id)).toBe(name);
      expect(arena.tokenOf(id + 1)).toBeUndefined();
    }
    for (const name of ["b", "aa", "constructor", "\ud83d", "x".repeat(4999), "x".repeat(20000)])
      expect(arena.get(name)).toBeUndefined();
    expect(TokenArena.of(arena)).toBe(arena);
  });

  it("is empty without tokens", () => {
    const arena = TokenArena.of(new Map());
    expect([arena.size, arena.highest, arena.get(""), arena.tokenOf(0)]).toEqual([
      0,
      -1,
      undefined,
      undefined,
    ]);
  });

  it("finds ids that lie far apart, without room for those between", () => {
    const arena = TokenArena.of(
      new Map([
        ["a", 4_000_000],
        ["b", 2],
      ]),
    );
    expect([arena.tokenOf(4_000_000), arena.tokenOf(2), arena.tokenOf(3)]).toEqual([
      "a",
      "b",
      undefined,
    ]);
    expect(arena.hasDistinctIds()).toBe(true);
    expect(
      TokenArena.of(
        new Map([
          ["a", 5],
          ["b", 5],
        ]),
      ).hasDistinctIds(),
    ).toBe(false);
  });

  const twice = (keepsAll: boolean): TokenArena => {
    const builder = new ArenaBuilder(3);
    ["a", "b", "a"].forEach((token, id) => {
      builder.appendText(token);
      builder.finish(id);
    });
    return builder.build(keepsAll);
  };

  it("gives a token that occurs again its later id", () => {
    const arena = twice(false);
    expect([...arena]).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
    expect(arena.tokenOf(0)).toBeUndefined();
  });

  it("keeps both entries where places are ids", () => {
    const arena = twice(true);
    expect([arena.count, arena.size, arena.get("a")]).toEqual([3, 2, 2]);
    expect([0, 1, 2].map((id) => arena.tokenOf(id))).toEqual(["a", "b", "a"]);
    expect([...arena].length).toBe(2);
  });

  it("joins an entry and bytes", () => {
    const arena = TokenArena.of(new Map(["he", "ll", "hell", "héll"].map((name, i) => [name, i])));
    const bytes = new TextEncoder().encode("xllé");
    expect(arena.findJoin(0, bytes, 1, 3)).toBe(2);
    expect(arena.isJoin(2, 0, bytes, 1, 3)).toBe(true);
    expect([arena.isJoin(3, 0, bytes, 1, 3), arena.isJoin(4, 0, bytes, 1, 3)]).toEqual([
      false,
      false,
    ]);
    expect(arena.findJoin(0, bytes, 1, 5)).toBe(-1);
  });

  it("refuses tokens whose hashes meet", () => {
    // FNV-1a by steps: h -> (h ^ byte) * prime; 300 texts of one hash, found by going through pairs of halves.
    const texts = colliding(300);
    expect(() => TokenArena.of(new Map(texts.map((text, i) => [text, i])))).toThrow(/hashes meet/);
    try {
      TokenArena.of(new Map(texts.map((text, i) => [text, i])));
    } catch (error) {
      expect(FrugalError.is(error, "FormatError")).toBe(true);
    }
  });
});

/** Different texts whose FNV-1a hashes are one: for a block of letters the step is run from a state, kept where two meet. */
function colliding(count: number): string[] {
  const step = (hash: number, text: string): number => {
    let h = hash;
    for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    return h;
  };
  let state = 0x811c9dc5 | 0;
  const pairs: [string, string][] = [];
  while (2 ** pairs.length < count) {
    const seen = new Map<number, string>();
    for (let i = 0; ; i++) {
      const text = (Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(36).padStart(7, "0");
      const hash = step(state, text);
      const twin = seen.get(hash);
      if (twin === undefined) {
        seen.set(hash, text);
        continue;
      }
      pairs.push([twin, text]);
      state = hash;
      break;
    }
  }
  return Array.from({ length: count }, (_, n) =>
    pairs.map((pair, i) => pair[(n >> i) & 1]).join(""),
  );
}
