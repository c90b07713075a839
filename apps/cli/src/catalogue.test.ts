import { describe, expect, test } from "vitest";
import { entries, find, type Kind, kindOf } from "./catalogue.js";

describe("catalogue", () => {
  test.each([
    ["images", ["divprune", "identity", "random", "tome"]],
    ["cache", ["random", "snapkv", "streaming-llm"]],
    ["allocator", ["uniform"]],
    ["reducer", ["evict"]],
    ["draft", ["prompt-lookup", "token-recycling"]],
    ["verifier", ["sample-and-match"]],
  ] as [Kind, string[]][])("knows the %s methods by their own names", (kind, names) => {
    expect(entries(kind).map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  test("no name is there twice", () => {
    for (const kind of ["images", "cache", "draft"] as const) {
      const names = entries(kind).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test("makes what it lists, options and all", () => {
    expect(find("images", "divprune").make({ budget: { keepRatio: 0.5 } }).name).toBe("divprune");
    expect(find("cache", "snapkv").make({ window: 7 }).protects).toEqual({ sinks: 0, recent: 7 });
  });

  test("an unknown name lists the known ones", () => {
    expect(() => find("images", "divprun")).toThrow(
      /no method for image tokens is called 'divprun'; there are: .*divprune/,
    );
  });

  test.each([
    [{ name: "a", open() {} }, "images"],
    [{ name: "a", open() {}, needs() {} }, "cache"],
    [{ name: "a", propose() {} }, "draft"],
    [{ name: "a", verify() {} }, "verifier"],
    [{ open() {} }, undefined],
    [{ name: "a" }, undefined],
    [null, undefined],
    [7, undefined],
    [() => {}, undefined],
  ])("tells %o by its shape", (value, kind) => {
    expect(kindOf(value)).toBe(kind);
  });
});
