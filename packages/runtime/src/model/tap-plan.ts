/**
 * Which taps there are at which layer, checked before anything runs.
 *
 * Layers   `hidden` of layer n is what layer n receives (n layers have run; L: after the last, before the final norm); any
 *          other signal comes from inside layer n. Negative numbers count from the last layer; default: the last. `each` is
 *          every layer that runs
 * Errors   CapabilityError for a signal, reduction or layer name that this stack cannot supply; ArgumentError for a layer
 *          that does not exist or does not run, and for row counts that are none
 */
import {
  ArgumentError,
  CapabilityError,
  type Needs,
  type SignalName,
  type Tap,
} from "@frugal/tensor";

const MATRICES: ReadonlySet<SignalName> = new Set([
  "hidden",
  "attentionInput",
  "attentionOutput",
  "ffnInput",
  "ffnActivation",
  "ffnOutput",
]);
export const HEADS: ReadonlySet<SignalName> = new Set([
  "query",
  "key",
  "value",
  "queryBeforeRope",
  "keyBeforeRope",
  "headOutput",
]);
/** Only where positions turn queries and keys. */
const ROTATED: ReadonlySet<SignalName> = new Set(["queryBeforeRope", "keyBeforeRope"]);
export const ATTENTION: ReadonlySet<SignalName> = new Set([
  "attention",
  "attentionLogits",
  "columnMass",
  "logSumExp",
]);

/** Of column mass over the chosen rows; `none` is the sum. */
const REDUCTIONS: ReadonlySet<Tap["reduce"]> = new Set(["sum", "max"] as const);

export interface Planned {
  readonly name: string;
  readonly tap: Tap;
}

/** The taps of one part of a model by layer, made once for a set of needs. */
export class TapPlan {
  readonly #byLayer = new Map<number, Planned[]>();
  readonly part: Tap["part"];

  constructor(needs: Needs, part: Tap["part"], layerCount: number) {
    this.part = part;
    for (const [name, tap] of Object.entries(needs)) {
      if (tap.part !== part) continue;
      checkTap(name, tap);
      for (const layer of layersOf(name, tap, layerCount)) {
        const list = this.#byLayer.get(layer) ?? [];
        list.push({ name, tap });
        this.#byLayer.set(layer, list);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#byLayer.size === 0;
  }

  at(layer: number): readonly Planned[] | undefined {
    return this.#byLayer.get(layer);
  }
}

/** Refuses taps on layers outside `fromLayer .. toLayer`: their signals would be missing without a word. */
export function checkTapLayers(
  needs: Needs,
  part: Tap["part"],
  layerCount: number,
  fromLayer: number,
  toLayer: number,
): void {
  for (const [name, tap] of Object.entries(needs)) {
    if (tap.part !== part) {
      throw new CapabilityError(`needs.${name}`, [`taps on the ${tap.part} in a step`]);
    }
    checkTap(name, tap);
    if (tap.layer === "each") continue;
    const [layer] = layersOf(name, tap, layerCount) as [number];
    const last = tap.signal === "hidden" ? toLayer : toLayer - 1;
    if (layer < fromLayer || layer > last) {
      const expected = `a layer that runs, ${fromLayer}..${last}`;
      throw new ArgumentError(`needs.${name}`, "layer", expected, layer);
    }
  }
}

function checkTap(name: string, tap: Tap): void {
  const { signal, part, reduce = "none" } = tap;
  const isThere =
    MATRICES.has(signal) ||
    ATTENTION.has(signal) ||
    (HEADS.has(signal) && (part === "decoder" || !ROTATED.has(signal)));
  const isReduced = reduce === "none" || (signal === "columnMass" && REDUCTIONS.has(reduce));
  const missing = [
    ...(isThere ? [] : [`signal ${signal} of the ${part}`]),
    ...(isReduced ? [] : [`reduction ${reduce} of ${signal}`]),
    ...(tap.perturb ? ["perturbed attention"] : []),
    ...(tap.layer === "next" ? ["layer: next"] : []),
  ];
  if (missing.length) throw new CapabilityError(`needs.${name}`, missing);
  checkRows(name, tap.rows);
}

function checkRows(name: string, rows: Tap["rows"]): void {
  if (typeof rows !== "object" || Array.isArray(rows)) return;
  const { last, every } = rows as { readonly last?: number; readonly every?: number };
  const count = last ?? every;
  if (!Number.isInteger(count) || (count as number) < 1) {
    throw new ArgumentError(`needs.${name}`, "rows", "a positive integer", count);
  }
}

function layersOf(name: string, tap: Tap, layerCount: number): readonly number[] {
  if (tap.layer === "each") return Array.from({ length: layerCount }, (_, layer) => layer);
  const asked = typeof tap.layer === "number" ? tap.layer : -1;
  const layer = asked < 0 ? layerCount + asked : asked;
  const last = tap.signal === "hidden" ? layerCount : layerCount - 1;
  if (!Number.isInteger(layer) || layer < 0 || layer > last) {
    throw new ArgumentError(
      `needs.${name}`,
      "layer",
      `an integer in -${layerCount}..${last}`,
      tap.layer,
    );
  }
  return [layer];
}
