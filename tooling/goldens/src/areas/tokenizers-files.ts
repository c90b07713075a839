/** What the adapters of the area tokenizers share: files that inputs name, tokenizers loaded once. */

import { FrugalError } from "@frugal/tensor/errors";
import { loadTokenizer, type Tokenizer } from "@frugal/tokenizers";
import type { Context, GoldenValue } from "../types.js";

const PREFIX = "file:";

/** The value itself, or what the JSON file holds that it names. */
export async function jsonOf(value: GoldenValue | undefined, context: Context): Promise<unknown> {
  if (typeof value !== "string" || !value.startsWith(PREFIX)) return value;
  return JSON.parse(new TextDecoder().decode(await bytesOf(value, context)));
}

export function bytesOf(value: GoldenValue | undefined, context: Context): Promise<Uint8Array> {
  if (typeof value !== "string" || !value.startsWith(PREFIX))
    throw new TypeError("the case lacks a file");
  return context.file(value.slice(PREFIX.length));
}

export async function textsOf(
  value: GoldenValue | undefined,
  context: Context,
): Promise<readonly string[]> {
  return (await jsonOf(value, context)) as readonly string[];
}

/** A random source that gives the stored numbers, once each. */
export async function drawsOf(
  value: GoldenValue | undefined,
  context: Context,
): Promise<() => number> {
  const draws = (await jsonOf(value, context)) as readonly number[];
  let next = 0;
  return () => {
    const draw = draws[next++];
    if (draw === undefined) throw new TypeError("the reference drew fewer numbers");
    return draw;
  };
}

type Change = Readonly<Record<string, unknown>>;

const loaded = new WeakMap<Context, Map<string, Promise<Tokenizer>>>();

/** The tokenizer of a file, with some of its fields replaced. */
export function tokenizerOf(
  value: GoldenValue | undefined,
  context: Context,
  change: Change = {},
): Promise<Tokenizer> {
  const known = loaded.get(context) ?? new Map<string, Promise<Tokenizer>>();
  loaded.set(context, known);
  const key = JSON.stringify([value, change]);
  const found = known.get(key) ?? load(value, context, change);
  known.set(key, found);
  return found;
}

async function load(
  value: GoldenValue | undefined,
  context: Context,
  change: Change,
): Promise<Tokenizer> {
  const bytes = await bytesOf(value, context);
  if (Object.keys(change).length === 0) return loadTokenizer(bytes);
  return loadTokenizer({ ...(JSON.parse(new TextDecoder().decode(bytes)) as object), ...change });
}

/** A tokenizer of which only the named components matter. */
export const componentOf = (change: Change, tokens: readonly string[] = []): Promise<Tokenizer> =>
  loadTokenizer({
    version: "1.0",
    added_tokens: [],
    model: {
      type: "WordLevel",
      vocab: Object.fromEntries([...new Set(tokens)].map((token, id) => [token, id])),
      unk_token: "<unk>",
    },
    ...change,
  });

/** True where the work is refused by an error of ours; another error goes on. */
export async function isRefused(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (FrugalError.is(error)) return true;
    throw error;
  }
}

/** Offsets in code points for offsets in UTF-16 units. */
export function inCodePoints(text: string, offsets: ArrayLike<number>): number[] {
  const places = new Int32Array(text.length + 1);
  let count = 0;
  for (let unit = 0; unit < text.length; unit++) {
    places[unit] = count++;
    if (text.codePointAt(unit)! > 0xffff) places[++unit] = count;
  }
  places[text.length] = count;
  return Array.from(offsets, (offset) => places[offset]!);
}
