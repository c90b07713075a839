/** A text that comes in parts has the ids of the whole, however it is cut. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { FrugalError } from "@frugal/tensor/errors";
import { describe, expect, it } from "vitest";
import { streamEncoder } from "../src/encoding/stream-encoder.js";
import { loadTokenizer, type Tokenizer } from "../src/index.js";
import type { Pipeline } from "../src/pipeline.js";
import { engineFile } from "./engine-files.js";
import { drawing, drawnText, PRE_TOKENIZERS } from "./engine-texts.js";
import { loadModel } from "./models.js";
import { byteLevelFile, characterFile } from "./small.js";

/** A stream neither cuts off nor fills up. */
const WHOLE = { truncation: null, padding: null } as const;

type Draw = (below: number) => number;
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

/** Cut at up to four places, also within a surrogate pair. */
function parts(text: string, draw: Draw): string[] {
  const cuts = Array.from({ length: 1 + draw(4) }, () => draw(text.length + 1));
  const places = [0, ...cuts.sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, i) => text.slice(places[i], end));
}

function streamed(tokenizer: Tokenizer, chunks: readonly string[]): number[] {
  const encoder = tokenizer.encoder();
  const ids = chunks.flatMap((chunk) => [...encoder.push(chunk)]);
  return [...ids, ...encoder.end()];
}

/** Some files lack an unknown token that a text needs: then all ways refuse it. */
function idsOrRefused(encode: () => ArrayLike<number>): string {
  try {
    return Array.from(encode()).join();
  } catch (error) {
    expect(error).toBeInstanceOf(FrugalError);
    return "refused";
  }
}

function checkSplits(tokenizer: Tokenizer, splits: number, seed: number, file = ""): void {
  const draw = drawing(seed);
  for (let i = 0; i < splits; ) {
    const text = drawnText(draw, 8);
    const whole = idsOrRefused(() => tokenizer.encode(text, WHOLE));
    for (let j = 0; j < 4; j++, i++) {
      const chunks = parts(text, draw);
      const found = idsOrRefused(() => streamed(tokenizer, chunks));
      if (found !== whole) expect([file, chunks, found]).toEqual([file, chunks, whole]);
    }
  }
}

/** Bytes come back as they were, and each whole token is the slice that its offsets name. */
function checkBytes(tokenizer: Tokenizer, texts: number, seed: number): void {
  const draw = drawing(seed);
  const options = { addSpecialTokens: false, specialTokensAsText: true } as const;
  for (let i = 0; i < texts; i++) {
    const text = wellFormed(drawnText(draw, 8));
    const { ids, offsets } = tokenizer.encodeWithOffsets(text, options);
    if (tokenizer.decode(ids) !== text) expect(tokenizer.decode(ids)).toBe(text);
    ids.forEach((id, at) => {
      const token = tokenizer.decode([id]);
      const slice = text.slice(offsets[at * 2], offsets[at * 2 + 1]);
      if (!token.includes("\ufffd") && slice !== token)
        expect([text, slice]).toEqual([text, token]);
    });
  }
}

describe("10,000 splits", () => {
  const machines = PRE_TOKENIZERS.filter(([name]) => name !== "gpt2 with a space");

  it.each(machines)("%s", async (_, json) => {
    for (const engine of ["js", "auto"] as const) {
      const tokenizer = await loadTokenizer(engineFile(json, engine === "js"), { engine });
      checkSplits(tokenizer, 400, 71);
      checkBytes(tokenizer, 60, 72);
    }
  });

  it("small files and fables", async () => {
    checkSplits(await loadModel("fables"), 400, 73);
    checkSplits(await loadTokenizer(byteLevelFile()), 400, 74);
    checkSplits(await loadTokenizer(characterFile()), 400, 75);
    checkBytes(await loadModel("fables"), 200, 76);
    checkBytes(await loadTokenizer(byteLevelFile()), 200, 77);
  });

  it("the small files of the golden cases", async () => {
    const folder = new URL("../../../goldens/tokenizers/hf/", import.meta.url);
    const small = readdirSync(folder)
      .map((name) => new URL(name, folder))
      .filter((url) => url.pathname.endsWith(".json") && statSync(url).size < 60_000);
    let loaded = 0;
    for (const url of small) {
      const tokenizer = await loadedOrRefused(readFileSync(url));
      if (tokenizer === null) continue;
      loaded++;
      checkSplits(tokenizer, 8, 78 + loaded, url.pathname.split("/").at(-1));
    }
    expect(loaded).toBeGreaterThan(100);
  });
});

/** Null where the file is refused. */
async function loadedOrRefused(file: Uint8Array): Promise<Tokenizer | null> {
  try {
    return await loadTokenizer(file);
  } catch (error) {
    expect(error).toBeInstanceOf(FrugalError);
    return null;
  }
}

describe("a stream reads each unit once", () => {
  /** Counts the units that are encoded and those that are looked at for a cut. */
  function counted(text: string, chunkLength: number): { encoded: number; looked: number } {
    const work = { encoded: 0, looked: 0 };
    const pipeline: Pick<Pipeline, "encode"> = {
      encode(part) {
        work.encoded += part.length;
      },
    };
    const cut = (part: string, from: number): number => {
      work.looked += part.length;
      const place = part.lastIndexOf(" ");
      return place > Math.max(0, from) ? place : -1;
    };
    const ends = { before: [], after: [] };
    const encoder = streamEncoder(pipeline as Pipeline, cut, () => false, ends);
    for (let at = 0; at < text.length; at += chunkLength)
      encoder.push(text.slice(at, at + chunkLength));
    encoder.end();
    return work;
  }

  it.each([
    ["words, unit by unit", "some words ".repeat(1 << 14), 1],
    ["no space, unit by unit", "x".repeat(1 << 18), 1],
    ["large chunks", "some words ".repeat(1 << 14), 5000],
  ])("%s", (_, text, chunkLength) => {
    const { encoded, looked } = counted(text, chunkLength);
    expect(encoded).toBe(text.length);
    expect(looked).toBeLessThanOrEqual(2 * text.length);
  });
});
