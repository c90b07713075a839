import { expect, test } from "vitest";

interface Row {
  readonly name: string;
  readonly tokens: number;
  readonly bitsPerByte: number;
}

const { compare } = (await import(new URL("../transplant.mjs", import.meta.url).href)) as {
  compare(options: { vocabularySize: number; measured: number }): Promise<Row[]>;
};

test("every way gives a model that still reads, the old vocabulary best of all", async () => {
  const rows = await compare({ vocabularySize: 700, measured: 2 });
  expect(rows.map(({ name }) => name)).toEqual([
    "old vocabulary",
    "drawn at random",
    "TokenAdapt, local",
    "TokenAdapt, mixed",
    "WECHSEL",
  ]);
  const [old, ...others] = rows.map(({ bitsPerByte }) => bitsPerByte);
  // A byte by itself would take eight bits.
  for (const bits of others) {
    expect(bits).toBeGreaterThan(old!);
    expect(bits).toBeLessThan(8);
  }
}, 60_000);
