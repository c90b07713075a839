/**
 * Writes on from a text that may stop anywhere: byte by byte from any law, or token by token behind an encoding drawn once.
 *
 * Paper    Phan et al., arXiv:2410.09303
 * Cost     bytes: a law a byte; tokens: a law's tree once, then plain decoding
 * Differs  tokens: the paper switches over when a byte ends a token; here the encoding of the text is itself drawn by its
 *          probability, after which the law of the text is that of the tokens, with nothing to switch
 * Errors   ArgumentError for options out of range; the signal's reason after an abort
 */
import { ArgumentError, createRandom, draw } from "@frugal/tensor";
import type { GenerateOptions, Piece } from "../generate/options.js";
import type { LanguageModel } from "../model/language-model.js";
import { ByteState, type ByteStateOptions } from "./byte-state.js";
import { type ByteLaw, END } from "./types.js";

export interface WriteOptions {
  /** Default 256. */
  readonly maxBytes?: number;
  /** 0: always the likeliest byte. Default 0. */
  readonly temperature?: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/** Text from a law over bytes, never half a character but at the very end. Ends with the law's end or at `maxBytes`. */
export async function* writeBytes(
  law: ByteLaw,
  options: WriteOptions = {},
): AsyncGenerator<string, void, void> {
  const { maxBytes = 256, temperature = 0, seed = 0, signal } = options;
  if (!Number.isInteger(maxBytes) || maxBytes < 0)
    throw new ArgumentError("writeBytes", "maxBytes", "an integer of 0 or more", maxBytes);
  if (!(temperature >= 0 && temperature < Infinity))
    throw new ArgumentError("writeBytes", "temperature", "0 or more", temperature);
  const random = createRandom(seed);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (let i = 0; i < maxBytes; i++) {
    signal?.throwIfAborted();
    const byte = chosen(await law.next(), temperature, () => random.next());
    if (byte === END) break;
    law.push(Uint8Array.of(byte));
    const text = decoder.decode(Uint8Array.of(byte), { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

function chosen(law: Float64Array, temperature: number, uniform: () => number): number {
  const best = law.indexOf(law.reduce((a, b) => Math.max(a, b), 0));
  if (temperature === 0) return best;
  return draw(
    law.map((value) => (value / law[best]!) ** (1 / temperature)),
    uniform(),
  );
}

/**
 * As `model.generate`, for a text that stops inside a token: a path, a word, code to be filled in. The first piece is what
 * the encoding of the text reaches beyond it.
 */
export async function* writeOn(
  model: LanguageModel,
  text: string,
  options: GenerateOptions & ByteStateOptions = {},
): AsyncGenerator<Piece, void, void> {
  const { prefix, ...rest } = options;
  const state = ByteState.of(model, prefix === undefined ? {} : { prefix });
  let ids: Uint32Array;
  try {
    const bytes = new TextEncoder().encode(text);
    state.push(bytes);
    const isGreedy = (options.temperature ?? 0) === 0;
    ids = await state.drawEncoding(isGreedy ? null : createRandom(options.seed ?? 0));
    const start = prefix?.length ?? 1;
    const beyond = model.tokenizer.decodeBytes(ids.subarray(start)).subarray(bytes.length);
    if (beyond.length > 0) yield { text: new TextDecoder().decode(beyond), tokenIds: [] };
  } finally {
    state.dispose();
  }
  yield* model.generate({ ids }, rest);
}
