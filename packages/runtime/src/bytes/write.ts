/**
 * Writes on from a text that may stop anywhere: byte by byte from any law, or token by token behind an encoding drawn once.
 *
 * Paper    Phan et al., arXiv:2410.09303
 * Cost     bytes: a law a byte; tokens: a law's tree once, then plain decoding
 * Differs  tokens: the paper switches over when a byte ends a token; here the encoding of the text is itself drawn by its
 *          probability, after which the law of the text is that of the tokens, with nothing to switch
 * Errors   ArgumentError for options out of range; the signal's reason after an abort
 */
import { ArgumentError, createRandom, draw, type Random } from "@frugal/tensor";
import { unfinishedLength } from "@frugal/tokenizers/segment";
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

/** Bytes of UTF-8 that only stand within a character. */
const [FIRST_INNER, LAST_INNER] = [0x80, 0xbf];

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
  const isGreedy = (options.temperature ?? 0) === 0;
  const random = isGreedy ? null : createRandom(options.seed ?? 0);
  let ids: Uint32Array;
  try {
    let bytes = new TextEncoder().encode(text);
    const length = bytes.length;
    state.push(bytes);
    for (;;) {
      ids = await state.drawEncoding(random);
      const reached = model.tokenizer.decodeBytes(ids.subarray(prefix?.length ?? 1));
      const whole = await completed(state, bytes.length, reached, random);
      bytes = whole;
      if (whole.length === reached.length) break;
    }
    if (bytes.length > length)
      yield {
        text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(length)),
        tokenIds: [],
      };
  } finally {
    state.dispose();
  }
  yield* model.generate({ ids }, rest);
}

/**
 * What an encoding reaches; where that is half a character the law has the rest of it, byte by byte, and an encoding of all
 * is to be drawn again.
 *
 * @param given bytes that the law knows of already
 */
export async function completed(
  law: ByteLaw,
  given: number,
  reached: Uint8Array,
  random: Random | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = [...reached];
  let isOpen = unfinishedLength(reached) > 0;
  if (isOpen) law.push(reached.subarray(given));
  for (; isOpen; isOpen = unfinishedLength(Uint8Array.from(bytes)) > 0) {
    const rest = (await law.next()).subarray(FIRST_INNER, LAST_INNER + 1);
    const best = rest.indexOf(rest.reduce((a, b) => Math.max(a, b), 0));
    const byte = FIRST_INNER + (random === null ? best : draw(rest, random.next()));
    bytes.push(byte);
    law.push(Uint8Array.of(byte));
  }
  return Uint8Array.from(bytes);
}
