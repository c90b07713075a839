import { createRandom } from "@frugal/tensor";
import { expect, test } from "vitest";
import { filled } from "../../test/filled.js";
import { compress } from "../policy/compress.js";
import { openCompression } from "../policy/compression.js";
import { identity } from "./identity.js";

test("at a full budget nothing changes, bit for bit; below it the lowest slots stay", async () => {
  const { cache } = filled(6);
  const before = await cache.save();
  const run = (tokens: number) =>
    openCompression(compress({ scorer: identity(), budget: { tokens } }), {
      cache,
      random: createRandom(1),
    }).run("prefillEnd");
  await run(6);
  expect(await cache.save()).toEqual(before);
  await run(4);
  expect([...cache.positions(1, 1)]).toEqual([0, 1, 2, 3]);
});
