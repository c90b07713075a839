import { expect, test } from "vitest";

const { units } = (await import(new URL("../units.mjs", import.meta.url).href)) as {
  units(text: string): Promise<{
    readonly tokens: number;
    readonly chunks: readonly string[];
    readonly rowsFromChunks: number;
    readonly words: readonly string[];
    readonly rowsFromWords: number;
    readonly tool: string;
    readonly spelling: readonly string[];
    readonly windows: number;
    readonly decoded: string;
  }>;
};

test("chunks, words and windows all give the text back", async () => {
  const text = "The king had a golden ring.";
  const found = await units(text);
  expect(found.chunks.join("")).toBe(text);
  expect(found.chunks.length).toBeGreaterThan(1);
  expect(found.chunks.length).toBeLessThan(found.tokens);
  expect(found.words.join("")).toBe(text);
  expect([found.rowsFromChunks, found.rowsFromWords]).toEqual([found.tokens, found.tokens]);
  expect(found.decoded).toBe(text);
  expect(found.windows * 16).toBeLessThan(text.length * 8);
  expect([" king", " and", " queen"]).toContain(found.tool);
  expect(found.spelling).toEqual([" king"]);
});
