import type { Tap } from "@frugal/tensor";
import { expect, test } from "vitest";
import { checkTapLayers, TapPlan } from "./tap-plan.js";

const LAYERS = 4;

const layersOf = (tap: Tap): number[] => {
  const plan = new TapPlan({ a: tap }, tap.part, LAYERS);
  return Array.from({ length: LAYERS + 1 }, (_, l) => l).filter((l) => plan.at(l) !== undefined);
};

test.each([
  [0, [0]],
  [3, [3]],
  [-1, [3]],
  [-4, [0]],
  ["each", [0, 1, 2, 3]],
  [undefined, [3]],
] as const)("layer %o", (layer, wanted) => {
  const tap: Tap = { signal: "query", part: "decoder", ...(layer === undefined ? {} : { layer }) };
  expect(layersOf(tap)).toEqual(wanted);
});

test("hidden states exist once more than layers", () => {
  expect(layersOf({ signal: "hidden", part: "decoder", layer: LAYERS })).toEqual([LAYERS]);
  expect(() => layersOf({ signal: "query", part: "decoder", layer: LAYERS })).toThrow(/-4\.\.3/);
});

test.each([-5, 5, 0.5, Number.NaN])("layer %d does not exist", (layer) => {
  expect(() => layersOf({ signal: "hidden", part: "decoder", layer })).toThrow(/layer must be/);
});

test.each<[string, Tap]>([
  ["signal tokenLosses", { signal: "tokenLosses", part: "decoder" }],
  ["signal pooled", { signal: "pooled", part: "encoder" }],
  ["signal queryBeforeRope of the encoder", { signal: "queryBeforeRope", part: "encoder" }],
  ["reduction moments of columnMass", { signal: "columnMass", part: "decoder", reduce: "moments" }],
  ["reduction sum of hidden", { signal: "hidden", part: "decoder", reduce: "sum" }],
  ["layer: next", { signal: "query", part: "decoder", layer: "next" }],
  [
    "perturbed attention",
    { signal: "attention", part: "decoder", perturb: { seed: 1, temperature: 1 } },
  ],
])("%s is refused", (missing, tap) => {
  expect(() => layersOf(tap)).toThrow(
    expect.objectContaining({
      code: "CapabilityError",
      missing: [missing.replace(/^signal (tokenLosses|pooled)$/, `$& of the ${tap.part}`)],
    }),
  );
});

test.each([{ last: 0 }, { last: 1.5 }, { every: 0 }, { every: Number.NaN }])(
  "rows %o are refused",
  (rows) => {
    expect(() => layersOf({ signal: "hidden", part: "decoder", rows })).toThrow(/positive integer/);
  },
);

test("taps of other parts stay out of a plan, and are refused in a step", () => {
  const needs = { a: { signal: "hidden", part: "encoder", layer: 1 } } as const;
  expect(new TapPlan(needs, "decoder", LAYERS).isEmpty).toBe(true);
  expect(() => checkTapLayers(needs, "decoder", LAYERS, 0, LAYERS)).toThrow(
    /the encoder in a step/,
  );
});

test("a tap on a layer that does not run is refused", () => {
  const check = (signal: "hidden" | "key", layer: number) => () =>
    checkTapLayers({ a: { signal, part: "decoder", layer } }, "decoder", LAYERS, 1, 3);
  for (const layer of [0, 3, -1]) expect(check("key", layer)).toThrow(/a layer that runs, 1\.\.2/);
  for (const layer of [1, 2, -2]) expect(check("key", layer)).not.toThrow();
  expect(check("hidden", 3)).not.toThrow();
  expect(check("hidden", 4)).toThrow(/1\.\.3/);
});
