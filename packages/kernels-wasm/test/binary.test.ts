/** What the two binaries are: small, one import, nothing but code in them. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { binaryUrl } from "../src/load.js";
import { allowRelaxed, BUILDS } from "./support.js";

/** Bytes. Raise them with the reason: every page that computes downloads one of the two. */
const CEILINGS = { relaxed: 40_000, simd: 41_000 } as const;
const DATA_SECTION = 11;

/** Ids of a module's sections. */
function sections(binary: Uint8Array): number[] {
  const ids: number[] = [];
  for (let at = 8; at < binary.length; ) {
    ids.push(binary[at++]!);
    let size = 0;
    let shift = 0;
    for (let byte = 128; byte >= 128; shift += 7) {
      byte = binary[at++]!;
      size += (byte & 127) << shift;
    }
    at += size;
  }
  return ids;
}

test.each(BUILDS)("%s", async (build) => {
  allowRelaxed();
  const binary = await readFile(binaryUrl(build));
  expect(binary.length).toBeLessThan(CEILINGS[build]);
  // No data segment: the arena hands out the memory from its first kilobyte on.
  expect(sections(binary)).not.toContain(DATA_SECTION);
  const module = await WebAssembly.compile(binary);
  expect(WebAssembly.Module.imports(module)).toEqual([
    { module: "env", name: "memory", kind: "memory" },
  ]);
});
