import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { heldOutBooks, QUESTION_KINDS, questions, scene, withNotes } from "../src/index.js";
import recorded from "./generator-hashes.json" with { type: "json" };

const hash = (value: string | Uint8Array): string =>
  createHash("sha256").update(value).digest("hex").slice(0, 16);

interface Case {
  readonly id: string;
  readonly method: string;
  readonly params: { readonly seed: number; readonly questions: number; readonly count: number };
  readonly inputs: { readonly paragraphs: readonly string[] };
  readonly expect: Record<string, unknown>;
}

const goldens = new URL("../../../goldens/core/", import.meta.url);
const cases = readFileSync(new URL("cases.jsonl", goldens), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Case);
const ofMethod = (method: string): Case[] => cases.filter((c) => c.method === method);

describe("recorded hashes of the generators the models were trained with", () => {
  test.each(recorded.scenes)("scene %s", (row) => {
    const [seed, pixels, objects, asked] = row.split(" ");
    const drawn = scene(Number(seed));
    const list = drawn.objects.map((o) => [o.color, o.shape, o.row, o.col, o.radius, o.x, o.y]);
    const all = [
      ...questions(drawn, Number(seed), 12),
      ...QUESTION_KINDS.flatMap((kind) => questions(drawn, Number(seed), 1, kind)),
    ].map((q) => [q.kind, q.question, q.answer, q.targets]);
    expect([hash(drawn.pixels), hash(JSON.stringify(list)), hash(JSON.stringify(all))]).toEqual([
      pixels,
      objects,
      asked,
    ]);
  });

  test("notes", async () => {
    const books = await heldOutBooks();
    const wrong = recorded.notes.filter((row, index) => {
      const [seed, count, expected] = row.split(" ");
      const paragraphs = books[index % books.length]!.paragraphs.slice(0, 1 + (index % 8));
      const notes = withNotes(paragraphs, Number(seed), Number(count));
      return hash(JSON.stringify(notes)) !== expected;
    });
    expect(recorded.notes.length).toBeGreaterThan(300);
    expect(wrong).toEqual([]);
  });
});

describe("golden cases", () => {
  const pixelsOf = goldenTensors(new URL("core.safetensors", goldens));

  test.each(ofMethod("scene").map((c) => [c.id, c] as const))(
    "%s",
    (_, { params, expect: want }) => {
      const drawn = scene(params.seed);
      const objects = drawn.objects.map(({ color, shape, row, col }) => ({
        color,
        shape,
        row,
        col,
      }));
      expect(objects).toEqual(want.objects);
      expect(questions(drawn, params.seed, params.questions)).toEqual(want.asked);
      expect(hash(drawn.pixels)).toBe(hash(pixelsOf(String(want.pixels).split("#")[1]!)));
    },
  );

  test.each(ofMethod("notes").map((c) => [c.id, c] as const))("%s", (_, c) => {
    expect(withNotes(c.inputs.paragraphs, c.params.seed, c.params.count)).toEqual(c.expect);
  });

  test("there are cases of both generators", () => {
    expect(ofMethod("scene").length).toBeGreaterThan(0);
    expect(ofMethod("notes").length).toBeGreaterThan(0);
  });
});

/** Bytes of a named tensor of a safetensors file. */
function goldenTensors(url: URL): (key: string) => Uint8Array {
  const file = readFileSync(url);
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + headerLength).toString("utf8")) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  return (key) => {
    const [start, end] = header[key]!.data_offsets;
    return file.subarray(8 + headerLength + start, 8 + headerLength + end);
  };
}
