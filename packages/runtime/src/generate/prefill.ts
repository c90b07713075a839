/**
 * Feeds a prompt in chunks; where a token method acts between decoder layers, layer range by layer range over all chunks.
 *
 * Shapes   rows [S, C] by chunk; a decoder map changes hidden states, positions and caches of the layers behind it only
 * Cost     the model's; a decoder stage holds the residual stream of the whole prompt
 * Errors   an abort rejects with the signal's reason, the cache keeps the chunks that were fed
 */
import { ArgumentError, CapabilityError, type Tensor } from "@frugal/tensor";
import { firstSources, leadingRows } from "../images/rows.js";
import { checkFeatures } from "../images/session.js";
import type { PassGroup } from "../model/decoder.js";
import { TapPlan } from "../model/tap-plan.js";
import { TapReader } from "../model/taps.js";
import { breathe } from "./breathe.js";
import { type PreparedPrompt, releaseImages } from "./prompt.js";
import type { Sequence } from "./sequence.js";

export interface PrefillOptions {
  /** Rows a chunk; default 256. */
  readonly chunkTokens?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export const DEFAULT_CHUNK_TOKENS = 256;

/** The logits [V] after the last row. Image features are freed. */
export async function prefill(
  sequence: Sequence,
  prompt: PreparedPrompt,
  options: PrefillOptions = {},
): Promise<Float32Array> {
  const chunkTokens = options.chunkTokens ?? DEFAULT_CHUNK_TOKENS;
  if (!Number.isInteger(chunkTokens) || chunkTokens < 1) {
    throw new ArgumentError("prefill", "chunkTokens", "a positive integer", chunkTokens);
  }
  const staged = prompt.images.filter(({ tokens }) => tokens.session.decoderStages.length > 0);
  try {
    if (staged.length > 0) return await prefillByStages(sequence, prompt, chunkTokens, options);
    return await prefillWhole(sequence, prompt, chunkTokens, options);
  } finally {
    releaseImages(prompt);
  }
}

async function prefillWhole(
  sequence: Sequence,
  prompt: PreparedPrompt,
  chunkTokens: number,
  options: PrefillOptions,
): Promise<Float32Array> {
  const { decoder } = sequence.engine;
  const total = prompt.ids.length;
  for (let from = 0; from < total; from += chunkTokens) {
    await breathe(options.signal);
    const rows = Math.min(chunkTokens, total - from);
    embedRows(sequence, prompt, from, rows);
    const positions = prompt.positions?.subarray(from, from + rows);
    const firstPosition = positions?.[0] ?? sequence.cache.nextPosition(0);
    const taps = sequence.presentTaps();
    sequence.cache.begin({ tokens: prompt.ids.subarray(from, from + rows) });
    const group = groupOf(sequence, rows, positions, taps);
    decoder.pass([group], 0, decoder.config.layerCount, sequence.history?.listener);
    const isLast = from + rows === total;
    // Begun before anything is awaited: other sequences share the decoder's scratch.
    const logits = isLast ? readLogits(sequence, rows - 1) : undefined;
    await sequence.observe(taps, firstPosition, rows);
    options.onProgress?.(from + rows, total);
    if (logits) return logits;
  }
  throw new ArgumentError("prefill", "prompt", "not empty", 0);
}

/** Layers up to a stage over all rows, the stage's map, the layers behind it over what is left. */
async function prefillByStages(
  sequence: Sequence,
  prompt: PreparedPrompt,
  chunkTokens: number,
  options: PrefillOptions,
): Promise<Float32Array> {
  const { engine, cache } = sequence;
  const { decoder, backend } = engine;
  const image = prompt.images[0];
  if (!image || prompt.images.length !== 1) {
    throw new CapabilityError("images", ["decoder stages with several pictures"]);
  }
  if (sequence.presentTaps()) {
    throw new CapabilityError(
      "prefill",
      ["a cache policy that looks at every row, with a token method between decoder layers"],
      "Choose a policy over the last rows, or a token method before the decoder",
    );
  }
  const { session } = image.tokens;
  const { layerCount, width } = decoder.config;
  const stops = [...session.decoderStages, layerCount];
  let rows = backend.empty([prompt.ids.length, width]);
  let origins = Uint32Array.from({ length: prompt.ids.length }, (_, i) => i);
  let positions = prompt.positions ?? Int32Array.from({ length: prompt.ids.length }, (_, i) => i);
  let fromLayer = 0;
  cache.begin({ tokens: prompt.ids });
  try {
    for (let from = 0; from < rowsOf(rows); from += chunkTokens) {
      const count = Math.min(chunkTokens, rowsOf(rows) - from);
      embedRows(sequence, prompt, from, count);
      backend.gather(decoder.hidden, counting(0, count), rows, from);
    }
    for (const stop of stops) {
      const needs = session.needsAt({ at: "decoder", layer: stop }, "decoder");
      const plan = new TapPlan(needs, "decoder", layerCount);
      const total = rowsOf(rows);
      let taps: TapReader | undefined;
      for (let from = 0; from < total; from += chunkTokens) {
        await breathe(options.signal);
        const count = Math.min(chunkTokens, total - from);
        decoder.reserve(count);
        backend.gather(rows, counting(from, count), decoder.hidden);
        const isLast = from + count === total;
        taps = plan.isEmpty ? undefined : new TapReader(plan, backend);
        if (taps && !isLast) refuseWholeTaps(needs);
        const group = groupOf(
          sequence,
          count,
          positions.subarray(from, from + count),
          isLast ? taps : undefined,
        );
        const own = Int32Array.from(origins.subarray(from, from + count));
        decoder.pass([{ ...group, origins: own }], fromLayer, stop, sequence.history?.listener);
        backend.gather(decoder.hidden, counting(0, count), rows, from);
        options.onProgress?.(from + count, total);
        if (isLast && stop === layerCount) return await readLogits(sequence, count - 1);
      }
      fromLayer = stop;
      const signals = (await taps?.signals()) ?? {};
      await session.act(
        { at: "decoder", layer: stop },
        signals,
        (map) => {
          checkFeatures(map, width);
          if (map.proportional) {
            throw new CapabilityError("images", ["tokens that weigh by their size in the decoder"]);
          }
          const tail = rowsOf(rows) - image.at - session.state.count;
          const whole = leadingRows(map.matrix, image.at, tail);
          const next = backend.empty([whole.rowCount, width]);
          backend.sparseRows(whole, rows, next);
          if (map.features) backend.write(next, map.features.data, image.at * width);
          rows.dispose();
          rows = next;
          const firsts = firstSources(whole);
          origins = firsts.map((row) => origins[row] as number);
          const start = (positions[image.at] ?? 0) - (session.state.positions[0] ?? 0);
          if (map.positions === "compact") {
            positions = Int32Array.from({ length: whole.rowCount }, (_, i) => i);
          } else {
            positions = Int32Array.from(firsts, (row) => positions[row] as number);
            positions.set(
              map.positions.map((position) => start + position),
              image.at,
            );
          }
        },
        image.at,
      );
    }
    throw new ArgumentError("prefill", "prompt", "not empty", 0);
  } finally {
    rows.dispose();
  }
}

/** Embeds rows `from .. from + count` of the prompt into the head of the decoder's `hidden`. */
function embedRows(sequence: Sequence, prompt: PreparedPrompt, from: number, count: number): void {
  const { decoder, backend } = sequence.engine;
  decoder.reserve(count);
  decoder.embed(prompt.ids.subarray(from, from + count));
  for (const { at, tokens } of prompt.images) {
    const first = Math.max(from, at);
    const end = Math.min(from + count, at + tokens.state.count);
    if (first < end) {
      backend.gather(
        tokens.features,
        counting(first - at, end - first),
        decoder.hidden,
        first - from,
      );
    }
  }
}

function groupOf(
  sequence: Sequence,
  rows: number,
  positions: Int32Array | undefined,
  taps: TapReader | undefined,
): PassGroup {
  const { cache } = sequence;
  return { cache, rows, ...(positions ? { positions } : {}), ...(taps ? { taps } : {}) };
}

async function readLogits(sequence: Sequence, row: number): Promise<Float32Array> {
  const { decoder, backend } = sequence.engine;
  const logits = decoder.logits(row, 1);
  return (await backend.read(logits, 0, decoder.config.vocabularySize)) as Float32Array;
}

/** A stage's taps are read in the last chunk; all rows are there only when the prompt fits one. */
function refuseWholeTaps(needs: Readonly<Record<string, { readonly rows?: unknown }>>): void {
  for (const [name, tap] of Object.entries(needs)) {
    if (tap.rows !== "last") {
      throw new CapabilityError(
        `needs.${name}`,
        ["rows of earlier chunks"],
        "Raise chunkTokens to the length of the prompt",
      );
    }
  }
}

const rowsOf = (tensor: Tensor): number => tensor.dims[0] as number;

const counting = (from: number, count: number): Uint32Array =>
  Uint32Array.from({ length: count }, (_, i) => from + i);
