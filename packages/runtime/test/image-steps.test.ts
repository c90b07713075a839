/** Steps of image methods: what the runtime cannot run is refused first, what it runs leaves nothing behind. */
import { FrugalError } from "@frugal/tensor/errors";
import { keepTokens, type TokenMethod, type TokenStep } from "@frugal/vision-token-pruning";
import { expect, test } from "vitest";
import type { LanguageModel } from "../src/index.js";
import { answer, load, sharedBackend } from "./reference.js";

const picture = {
  width: 64,
  height: 64,
  data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7) % 256),
};
const prompt = { messages: [{ role: "user", content: "how many?" }], images: [picture] };

const methodOf = (...steps: TokenStep[]): TokenMethod => ({
  name: "test",
  open: () => ({ steps }),
});

const halving = (stage: unknown, needs: unknown = {}): TokenStep => ({
  stage: stage as TokenStep["stage"],
  needs: needs as TokenStep["needs"],
  act: (_, state) =>
    keepTokens(
      Uint32Array.from({ length: state.count >> 1 }, (_, i) => 2 * i),
      state,
    ),
});

async function codeOf(model: LanguageModel, images: TokenMethod): Promise<string> {
  try {
    await answer(model, prompt, { images, maxTokens: 1 });
  } catch (error) {
    return FrugalError.is(error) ? error.code : String(error);
  }
  return "nothing";
}

test("stages and signals that do not exist are refused", async () => {
  const model = await load("scenes");
  const hidden = { h: { signal: "hidden", part: "decoder", layer: 4, rows: "last" } };
  const cls = { h: { signal: "attention", part: "encoder", layer: 1, rows: "class" } };
  const projected = { h: { signal: "hidden", part: "projector" } };
  const refused: [TokenStep, string][] = [
    [halving({ at: "prefillEnd" }), "CapabilityError"],
    [halving({ at: "decode" }), "CapabilityError"],
    [halving({ at: "decoder", layer: 6 }), "ArgumentError"],
    [halving({ at: "decoder", layer: 1.5 }), "ArgumentError"],
    [halving({ at: "encoder", layer: 99, point: "afterBlock" }), "ArgumentError"],
    [halving({ at: "decoder", layer: 2 }, hidden), "CapabilityError"],
    [halving({ at: "decoder", layer: 2 }, cls), "CapabilityError"],
    [halving({ at: "features" }, projected), "CapabilityError"],
  ];
  for (const [step, code] of refused) expect(await codeOf(model, methodOf(step))).toBe(code);
  model.dispose();
});

test("a decoder stage is given the hidden states at hand, and its map may bring features", async () => {
  const model = await load("scenes");
  const width = model.shape.decoder?.width ?? 0;
  const needs = { h: { signal: "hidden", part: "decoder", layer: 2 } };
  let rows = 0;
  const step = halving({ at: "decoder", layer: 2 }, needs);
  const bringing: TokenStep = {
    ...step,
    async act(signals, state) {
      rows = signals.h?.dims[0] ?? 0;
      const map = await step.act(signals, state);
      const count = map?.matrix.rowCount ?? 0;
      const image = signals.h?.data.slice(state.first * width, (state.first + state.count) * width);
      const data = Float32Array.from(
        { length: count * width },
        (_, i) => image?.[Math.floor(i / width) * 2 * width + (i % width)] ?? 0,
      );
      const features = { type: "float32", location: "cpu", dims: [count, width], data } as const;
      return map && { ...map, features };
    },
  };
  const options = { maxTokens: 4, ignoreEndToken: true, chunkTokens: 512 };
  const linear = await answer(model, prompt, { ...options, images: methodOf(step) });
  const brought = await answer(model, prompt, { ...options, images: methodOf(bringing) });
  expect(rows).toBeGreaterThan(256);
  expect(brought.ids).toEqual(linear.ids);
  model.dispose();
});

test("text stays where it is when image tokens keep their positions, whichever they are", async () => {
  const model = await load("scenes");
  const nextPosition = async (count: number, first: number): Promise<number> => {
    const images = methodOf({
      stage: { at: "prompt" },
      needs: {},
      act: (_, state) =>
        keepTokens(
          Uint32Array.from({ length: count }, (_, i) => first + i),
          state,
          { positions: "keep" },
        ),
    });
    const prefix = await model.prefill(prompt, { images });
    const position = prefix.cache.nextPosition(0);
    prefix.dispose();
    return position;
  };
  const whole = await nextPosition(256, 0);
  for (const [count, first] of [
    [0, 0],
    [1, 0],
    [16, 0],
    [16, 200],
  ] as const) {
    expect(await nextPosition(count, first)).toBe(whole);
  }
  model.dispose();
});

test("a step that throws leaves no tensor behind", async () => {
  const model = await load("scenes");
  const backend = await sharedBackend();
  const thrower = (stage: TokenStep["stage"]): TokenMethod =>
    methodOf({
      stage,
      needs: {},
      act() {
        throw new RangeError("mine");
      },
    });
  const stages: readonly TokenStep["stage"][] = [
    { at: "encoder", layer: 0, point: "afterAttention" },
    { at: "encoder", layer: 1, point: "afterBlock" },
    { at: "features" },
    { at: "prompt" },
    { at: "decoder", layer: 1 },
  ];
  await answer(model, prompt, { maxTokens: 1 });
  for (const stage of stages) await codeOf(model, thrower(stage)); // scratch has its size now
  const before = backend.report().allocatedBytes;
  for (const stage of stages) {
    expect(await codeOf(model, thrower(stage))).toBe("RangeError: mine");
    expect(backend.report().allocatedBytes).toBe(before);
  }
  model.dispose();
});
