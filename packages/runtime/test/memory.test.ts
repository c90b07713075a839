/** A bounded cache stays bounded: allocated pages, layer by layer and head by head. */
import { compress } from "@frugal/kv-cache";
import { uniform } from "@frugal/kv-cache/allocators";
import { evict } from "@frugal/kv-cache/reducers";
import { streamingLlm } from "@frugal/kv-cache/scorers";
import { PAGE_SLOTS } from "@frugal/tensor";
import { expect, test } from "vitest";
import { load, sharedBackend, storyPrompts } from "./reference.js";

const NEW_TOKENS = 2000;
const SLOTS = 256;

test("2,000 tokens in 256 slots stop allocating", async () => {
  const model = await load("fables");
  const backend = await sharedBackend();
  const before = backend.kv.byteLength();
  const { layerCount, kvHeadCount, headWidth } = model.shape.decoder as NonNullable<
    typeof model.shape.decoder
  >;
  const [story] = await storyPrompts(1);
  const ids = model.tokenizer.encode(story as string, { addSpecialTokens: false }).slice(0, 31);
  const prompt = { ids: Uint32Array.of(0, ...ids) };
  const cache = compress({
    scorer: streamingLlm({ sinks: 4 }),
    allocator: uniform(),
    reducer: evict(),
    budget: { tokens: SLOTS },
    positions: "original",
  });
  const peaks: Record<string, number[]> = { bounded: [], full: [] };
  for (const [name, options] of Object.entries({ bounded: { cache }, full: {} })) {
    let written = 0;
    for await (const piece of model.generate(prompt, {
      ...options,
      maxTokens: NEW_TOKENS,
      ignoreEndToken: true,
    })) {
      written += piece.tokenIds.length;
      peaks[name]?.push(backend.kv.byteLength() - before);
    }
    expect(written).toBe(NEW_TOKENS);
    expect(backend.kv.byteLength()).toBe(before);
  }
  const bounded = peaks.bounded as number[];
  const slotBytes = headWidth * 4 * 2 + 4;
  const perHead = SLOTS + PAGE_SLOTS + 16;
  const limit = layerCount * kvHeadCount * perHead * slotBytes;
  const most = Math.max(...bounded);
  const whole = Math.max(...(peaks.full as number[]));
  process.stdout.write(
    `  bounded ${most} bytes (limit ${limit}), ${most / layerCount / kvHeadCount} a layer and head; full ${whole}: ${((100 * most) / whole).toFixed(1)} %\n`,
  );
  expect(most).toBeLessThanOrEqual(limit);
  expect(Math.max(...bounded.slice(-1000))).toBe(Math.max(...bounded.slice(400, 1000)));
  expect(most).toBeLessThan(0.2 * whole);
  model.dispose();
}, 120_000);
