/**
 * A made-up model: contexts, and signals of the right shapes drawn from a seed, for the conformance kit and for tests.
 *
 * Shapes   as `types.ts` says, with 4 encoder layers of 2 heads, 4 decoder layers of 4 query and 2 kv heads, width 8,
 *          head width 4; a prompt of 3 tokens, the image, 5 tokens
 * State    none: the same seed, tap, stage and state give the same numbers
 * Errors   CapabilityError for a signal that it does not make
 */
import { CapabilityError, createRandom, floats, type Tap } from "@frugal/tensor";
import type { Floats, ModelShape, Stage, TokenContext, TokenState } from "../types.js";

export const LAYERS = 4;
const HEADS = 4;
const GROUPS = 2;
const WIDTH = 8;
const HEAD_WIDTH = 4;
const BEFORE = 3;
const AFTER = 5;

export interface ContextOptions {
  readonly seed?: number;
  /** Default: true. */
  readonly hasClassToken?: boolean;
}

export function contextOf(tokenCount: number, options: ContextOptions = {}): TokenContext {
  const model: ModelShape = {
    encoder: {
      layerCount: LAYERS,
      headCount: GROUPS,
      width: WIDTH,
      hasClassToken: options.hasClassToken ?? true,
    },
    decoder: {
      layerCount: LAYERS,
      queryHeadCount: HEADS,
      kvHeadCount: GROUPS,
      headWidth: HEAD_WIDTH,
      width: WIDTH,
      vocabularySize: 16,
    },
  };
  let rows = Math.floor(Math.sqrt(tokenCount));
  while (tokenCount % rows !== 0) rows--;
  const grid = { rows, columns: tokenCount / rows };
  return {
    model,
    tokenCount,
    grid,
    frames: 1,
    crops: [{ row: 0, column: 0, start: 0, ...grid }],
    textTokenCount: BEFORE + AFTER,
    imageStart: BEFORE,
    random: createRandom(options.seed ?? 1),
    extras: {},
  };
}

/** How a trial bends its signals: values that real data now and then contains. */
export type Spoil = "none" | "nan" | "constant" | "zero" | "infinite";

/** Where the first image token stands at a stage. */
export const firstAt = (stage: Stage): number =>
  stage.at === "decoder" || stage.at === "prefillEnd" ? BEFORE : 0;

export function signalOf(
  tap: Tap,
  stage: Stage,
  state: TokenState,
  context: TokenContext,
  seed: number,
  spoil: Spoil = "none",
): Floats {
  const layers = layersOf(tap, context);
  const dims = dimsOf(tap, state, context);
  const all = tap.layer === "each" ? [layers, ...dims] : dims;
  const size = all.reduce((product, d) => product * d, 1);
  const label = `${seed} ${JSON.stringify(tap)} ${stage.at}`;
  const random = createRandom(seed).fork(label);
  const data = Float32Array.from({ length: size }, () => random.next() * 2 - 1);
  if (isMass(tap)) normalise(data, dims[dims.length - 1]!);
  spoilData(data, spoil);
  return floats(all, data);
}

function layersOf({ part }: Tap, { model }: TokenContext): number {
  return (part === "encoder" ? model.encoder : model.decoder)?.layerCount ?? 1;
}

const isMass = ({ signal }: Tap): boolean => signal === "attention" || signal === "columnMass";

function dimsOf(tap: Tap, state: TokenState, context: TokenContext): number[] {
  const { part, signal } = tap;
  const inEncoder = part === "encoder";
  const classed = inEncoder && context.model.encoder?.hasClassToken ? 1 : 0;
  const columns = inEncoder ? classed + state.count : BEFORE + state.count + AFTER;
  const rows = part === "projector" ? state.count : rowsOf(tap, columns, state);
  const heads = inEncoder ? GROUPS : HEADS;
  switch (signal) {
    case "hidden":
    case "attentionInput":
    case "attentionOutput":
    case "ffnInput":
    case "ffnOutput":
      return [rows, WIDTH];
    case "pooled":
      return [WIDTH];
    case "text":
      return [context.textTokenCount, WIDTH];
    case "query":
    case "queryBeforeRope":
    case "headOutput":
      return [heads, rows, HEAD_WIDTH];
    case "key":
    case "keyBeforeRope":
    case "value":
      return [GROUPS, rows, HEAD_WIDTH];
    case "attention":
    case "attentionLogits":
      return tap.reduce && tap.reduce !== "none" ? [heads, columns] : [heads, rows, columns];
    case "columnMass":
      return [heads, columns];
    case "logSumExp":
    case "rowMaximum":
      return [heads, rows];
    default:
      throw new CapabilityError("trial model", [`signal "${signal}"`]);
  }
}

function rowsOf({ rows = "all", part }: Tap, total: number, state: TokenState): number {
  if (rows === "all") return total;
  if (rows === "last" || rows === "class") return 1;
  if (rows === "image") return state.count;
  if (rows === "text") return part === "decoder" ? AFTER : 0;
  if (Array.isArray(rows)) return rows.length;
  const some = rows as { readonly last?: number; readonly every?: number };
  return some.last === undefined ? Math.ceil(total / some.every!) : Math.min(total, some.last);
}

/** Rows become positive and sum to 1, as after a softmax. */
function normalise(data: Float32Array, width: number): void {
  for (let start = 0; start < data.length; start += width) {
    const row = data.subarray(start, start + width);
    let sum = 0;
    for (let i = 0; i < width; i++) sum += row[i] = Math.exp(3 * row[i]!);
    for (let i = 0; i < width; i++) row[i]! /= sum;
  }
}

function spoilData(data: Float32Array, spoil: Spoil): void {
  if (spoil === "constant") data.fill(0.25);
  if (spoil === "zero") data.fill(0);
  if (spoil === "nan") for (let i = 0; i < data.length; i += 7) data[i] = Number.NaN;
  if (spoil === "infinite") for (let i = 0; i < data.length; i += 11) data[i] = Infinity;
}
