/**
 * Turns what a caller asks into rows for the decoder: ids, and image tokens where the placeholders stand.
 *
 * Errors   ArgumentError for an empty prompt, one longer than the model's positions, pictures and placeholders that do not
 *          match; CapabilityError for pictures given to a text model
 */
import { ArgumentError, CapabilityError, type Random } from "@frugal/tensor";
import type { ChatMessage } from "@frugal/tokenizers";
import type { TokenMethod } from "@frugal/vision-token-pruning";
import type { ImageTokens } from "../images/vision.js";
import type { PictureInput } from "../pictures/index.js";
import type { Engine } from "./engine.js";

export type Prompt =
  | string
  | {
      /** Chat turns, rendered with the model's template; a first user message without parts gets the pictures. */
      readonly messages: readonly ChatMessage[];
      readonly images?: readonly PictureInput[];
    }
  | {
      /** Token ids as they are; one placeholder a picture, or one an image token. */
      readonly ids: Uint32Array | readonly number[];
      readonly images?: readonly PictureInput[];
    };

export interface ImageSpan {
  /** Row of its first token in `ids`. */
  readonly at: number;
  readonly tokens: ImageTokens;
}

export interface PreparedPrompt {
  /** What each row stands for, after pruning at the `prompt` stage. */
  readonly ids: Uint32Array;
  /** Explicit where a method keeps the original ids. */
  readonly positions: Int32Array | undefined;
  readonly images: readonly ImageSpan[];
  /** Rows before anything was pruned. */
  readonly fullLength: number;
}

export async function preparePrompt(
  engine: Engine,
  prompt: Prompt,
  options: { readonly method?: TokenMethod | undefined; readonly random: Random },
): Promise<PreparedPrompt> {
  checkPrompt(prompt);
  const pictures = typeof prompt === "string" ? [] : (prompt.images ?? []);
  const ids = idsOf(engine, prompt, pictures.length);
  if (ids.length === 0) throw new ArgumentError("generate", "prompt", "not empty", "no token");
  checkIds(engine, ids);
  const places = placesOf(engine, ids, pictures.length);
  const { vision, preprocess } = engine;
  if (places.length === 0)
    return checked(engine, { ids, positions: undefined, images: [], fullLength: ids.length });
  if (!vision || !preprocess)
    throw new CapabilityError(engine.name, ["pictures: this is a text model"]);

  const perImage = vision.encoder.tokenCount;
  const textTokenCount = ids.length - places.reduce((sum, { width }) => sum + width, 0);
  const parts: { ids: Uint32Array; positions: Int32Array }[] = [];
  const images: ImageSpan[] = [];
  let from = 0;
  let row = 0;
  let position = 0;
  const push = (own: Uint32Array, positions: Int32Array): void => {
    parts.push({ ids: own, positions });
    row += own.length;
  };
  try {
    for (const [index, { at, width }] of places.entries()) {
      push(ids.subarray(from, at), counting(position, at - from));
      position += at - from;
      const tokens = await vision.encode(await preprocess(pictures[index] as PictureInput), {
        method: options.method,
        textTokenCount,
        imageStart: position,
        random: options.random.fork(`image ${index}`),
      });
      images.push({ at: row, tokens });
      const { count, positions } = tokens.state;
      const own = Int32Array.from(positions, (p) => p + position);
      push(new Uint32Array(count).fill(engine.imageTokenId as number), own);
      // Positions that were kept leave gaps: the text goes on where it would have without pruning.
      position += tokens.session.span;
      from = at + width;
    }
  } catch (error) {
    releaseImages({ images });
    throw error;
  }
  push(ids.subarray(from), counting(position, ids.length - from));
  const all = joined(parts.map((part) => part.positions));
  return checked(engine, {
    ids: Uint32Array.from(joined(parts.map((part) => part.ids))),
    positions: isCounting(all) ? undefined : all,
    images,
    fullLength: textTokenCount + places.length * perImage,
  });
}

/** Frees the features of a prompt's pictures; those of a prompt that was fed are free already. */
export function releaseImages({ images }: Pick<PreparedPrompt, "images">): void {
  for (const { tokens } of images) tokens.features.dispose();
}

function idsOf(engine: Engine, prompt: Prompt, pictureCount: number): Uint32Array {
  const { tokenizer, beginTokenId } = engine;
  if (typeof prompt === "string") {
    if (prompt === "") throw new ArgumentError("generate", "prompt", "not empty", prompt);
    const ids = tokenizer.encode(prompt);
    if (beginTokenId === undefined || ids[0] === beginTokenId) return ids;
    return Uint32Array.of(beginTokenId, ...ids);
  }
  if ("ids" in prompt) return wholeIds(prompt.ids);
  const messages = withPictures(prompt.messages, pictureCount);
  return tokenizer.encode(tokenizer.renderChat(messages, { addGenerationPrompt: true }));
}

function checkPrompt(prompt: Prompt): void {
  const given: unknown = prompt;
  if (typeof given === "string") return;
  if (typeof given === "object" && given !== null && ("messages" in given || "ids" in given))
    return;
  throw new ArgumentError("generate", "prompt", "a text, { messages } or { ids }", given);
}

function wholeIds(ids: Uint32Array | readonly number[]): Uint32Array {
  for (const id of ids) {
    if (!Number.isInteger(id) || id < 0) {
      throw new ArgumentError("generate", "ids", "whole numbers of 0 or more", id);
    }
  }
  return Uint32Array.from(ids);
}

/** Pictures without a part of their own go before the first user message's text. */
function withPictures(messages: readonly ChatMessage[], count: number): readonly ChatMessage[] {
  const named = messages
    .flatMap(({ content }) => (typeof content === "string" ? [] : content))
    .filter((part) => part.type === "image").length;
  if (named > 0 || count === 0) return messages;
  const first = messages.findIndex(({ role }) => role === "user");
  return messages.map((message, index) => {
    if (index !== first) return message;
    const own =
      typeof message.content === "string"
        ? [{ type: "text" as const, text: message.content }]
        : message.content;
    const images = Array.from({ length: count }, () => ({ type: "image" as const }));
    return { ...message, content: [...images, ...own] };
  });
}

/** Where pictures stand: a placeholder alone, or as many in a row as the picture has tokens. */
function placesOf(
  engine: Engine,
  ids: Uint32Array,
  pictureCount: number,
): readonly { at: number; width: number }[] {
  const { imageTokenId, vision } = engine;
  const places: { at: number; width: number }[] = [];
  for (let i = 0; i < ids.length; ) {
    if (imageTokenId === undefined || ids[i] !== imageTokenId) {
      i++;
      continue;
    }
    let end = i;
    while (end < ids.length && ids[end] === imageTokenId) end++;
    const whole = vision?.encoder.tokenCount ?? 1;
    const width = (end - i) % whole === 0 ? whole : 1;
    for (; i < end; i += width) places.push({ at: i, width });
  }
  if (places.length !== pictureCount) {
    throw new ArgumentError(
      "generate",
      "images",
      `${places.length} (as many as the prompt names)`,
      pictureCount,
    );
  }
  return places;
}

export function checkIds(engine: Engine, ids: Uint32Array): void {
  const { vocabularySize } = engine.decoder.config;
  for (const id of ids) {
    if (id >= vocabularySize) {
      throw new ArgumentError("generate", "ids", `below the vocabulary's ${vocabularySize}`, id);
    }
  }
}

function checked(engine: Engine, prepared: PreparedPrompt): PreparedPrompt {
  const { maxPositions } = engine.decoder.config;
  const last = prepared.positions?.at(-1) ?? prepared.ids.length - 1;
  if (last >= maxPositions) {
    releaseImages(prepared);
    throw new ArgumentError(
      "generate",
      "prompt",
      `at most ${maxPositions} tokens, the model's positions`,
      last + 1,
      "Shorten the text or keep fewer image tokens",
    );
  }
  return prepared;
}

const counting = (from: number, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => from + i);

const isCounting = (positions: Int32Array): boolean => positions.every((p, i) => p === i);

function joined<A extends Uint32Array | Int32Array>(parts: readonly A[]): Int32Array {
  const out = new Int32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
