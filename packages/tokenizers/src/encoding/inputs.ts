/**
 * Encodes one text or two in full: truncation, the tokens around them, windows that are left over.
 *
 * Paper    none (the order of Hugging Face tokenizers: truncate, add tokens, pad)
 * Cost     O(ids) beside the encoding of the texts
 * Errors   ArgumentError: a limit below the tokens that are added, too many windows, and those of windowsOf
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { PostPiece, PostProcessor } from "../post-processors/build.js";
import type { EncodeInput, EncodeOptions, InputEncoding, TextInput, Truncation } from "../types.js";
import { assemble, type EncodedText } from "./assemble.js";
import { type Window, windowsOf } from "./truncate.js";

const WINDOW_LIMIT = 1 << 16;

export function encodeInput(
  { text, pair }: EncodeInput,
  encodeText: (text: TextInput, options: EncodeOptions) => EncodedText,
  post: PostProcessor,
  truncation: Truncation | null,
  options: EncodeOptions,
): InputEncoding {
  const plans = pair === undefined ? post.single : post.pair;
  const plan = (options.addSpecialTokens ?? true) ? plans.full : plans.bare;
  const texts = (pair === undefined ? [text] : [text, pair]).map((t) => encodeText(t, options));
  if (truncation === null) return assemble(plan, texts, texts.map(whole));
  const added = plan.reduce((sum, piece) => sum + piece.ids.length, 0);
  const room = truncation.maxLength - added;
  if (!Number.isInteger(truncation.maxLength) || room < 0)
    throw new ArgumentError(
      "encode",
      "truncation.maxLength",
      `a whole number from ${added} up, the tokens that are added`,
      truncation.maxLength,
    );
  const [first, second] = texts as [EncodedText, EncodedText?];
  const windows = windowsOf(first.ids.length, second?.ids.length ?? -1, room, truncation);
  if (truncation.side === "middle") {
    const kept = [
      ends(first.ids.length, windows.first),
      ends(second?.ids.length ?? 0, windows.second),
    ];
    return assemble(plan, texts, kept);
  }
  const make = (a: Window, b: Window | undefined): InputEncoding =>
    assemble(plan, texts, [[a], b === undefined ? [] : [b]]);
  const overflowing = combinations(plan, windows).map(([a, b]) => make(a, b));
  return { ...make(windows.first[0]!, windows.second[0]), overflowing };
}

const whole = (text: EncodedText): readonly Window[] => [[0, text.ids.length]];

/** The two ends of a text of which as many tokens stay as the first window holds. */
function ends(length: number, windows: readonly Window[]): readonly Window[] {
  const first = windows[0];
  if (first === undefined) return [];
  const kept = first[1] - first[0];
  if (kept === length) return [[0, length]];
  const tail = Math.floor(kept / 2);
  return [
    [0, kept - tail],
    [length - tail, length],
  ];
}

/** All pairs of windows but the first, in the order in which the original merges them. */
function combinations(
  plan: readonly PostPiece[],
  { first, second }: { readonly first: readonly Window[]; readonly second: readonly Window[] },
): (readonly [Window, Window | undefined])[] {
  if (first.length * Math.max(1, second.length) > WINDOW_LIMIT)
    throw new ArgumentError(
      "encode",
      "truncation.stride",
      "one that makes fewer windows",
      first.length * second.length,
    );
  if (second.length === 0) return first.slice(1).map((a) => [a, undefined] as const);
  const swapped = plan.find((piece) => piece.text >= 0)?.text === 1;
  const [outer, inner] = swapped ? [second, first] : [first, second];
  const pairs = [
    ...outer.slice(1).flatMap((o) => inner.map((i) => [o, i] as const)),
    ...inner.slice(1).map((i) => [outer[0]!, i] as const),
  ];
  return swapped ? pairs.map(([o, i]) => [i, o] as const) : pairs;
}
