/**
 * Loads a byte-level BPE vocabulary to encode and decode with, and nothing else.
 *
 * Paper    Sennrich et al., arXiv:1508.07909; bytes: the GPT-2 release
 * Needs    .tiktoken ranks, or a tokenizer.json with a pre-tokenizer that engine/grammar.ts knows and no normalizer but a
 *          normalization form
 * Cost     loading: O(file), without WebAssembly also O(merges); encoding: that of the engine
 * State    tables of the vocabulary, buffers that all calls share
 * Differs  what a file adds around a text, cuts off or fills up is not done: the ids are those of `loadTokenizer` with
 *          `addSpecialTokens: false`, `truncation: null` and `padding: null`
 * Errors   FormatError: a file that is broken; CapabilityError: one that needs `loadTokenizer`, or WebAssembly where it
 *          was asked for; ArgumentError: `encode` without a string, a special token that is refused, an id that is no
 *          whole number
 */
import { CapabilityError } from "@frugal/tensor/errors";
import type { AddedToken } from "../added-tokens.js";
import { type ByteEngine, byteEngine } from "../engine/build.js";
import { readAddedTokens } from "../formats/added.js";
import { readBpe } from "../formats/bpe.js";
import * as read from "../formats/fields.js";
import { readJson } from "../formats/json.js";
import type { PatternName } from "../formats/patterns.js";
import { patternOf, preTokenizerOf, rankParts, specialTokens } from "../formats/rank-parts.js";
import { isTiktoken, readRanks } from "../formats/ranks.js";
import type { BpeParts } from "../models/bpe.js";
import type { TokenArena } from "../models/token-arena.js";
import type { Form } from "../normalizers/canonical-order.js";
import { type ByteLevelEncoder, byteLevelEncoder } from "./byte-level-encoder.js";

export type { ByteLevelEncoder, SpecialTokenOptions } from "./byte-level-encoder.js";

export interface EncoderOptions {
  /** Of .tiktoken ranks: one of OpenAI's patterns by name, or one that engine/grammar.ts knows. */
  readonly pattern?: PatternName | (string & {});
  /** Of .tiktoken ranks: the special tokens with their ids, which the file does not hold. */
  readonly specialTokens?: Readonly<Record<string, number>>;
  /** `auto`: WebAssembly where the host has it. Default: "js". */
  readonly engine?: "js" | "auto";
}

interface Loaded {
  readonly model: BpeParts & { readonly vocabulary: TokenArena };
  readonly preTokenizer: object;
  readonly added: readonly AddedToken[];
  readonly form: Form | null;
  readonly searchInside: boolean;
}

const FORMS: readonly Form[] = ["NFC", "NFD", "NFKC", "NFKD"];

/** `source`: .tiktoken ranks or a tokenizer.json, as bytes or text; the latter parsed, too. */
export async function loadEncoder(
  source: string | Uint8Array | object,
  options: EncoderOptions = {},
): Promise<ByteLevelEncoder> {
  const loaded = isRanks(source) ? readTiktoken(bytesOf(source), options) : readFile(source);
  const { model, preTokenizer, added } = loaded;
  const { engine, vocabulary, reason } = await fastest(preTokenizer, model, added, options);
  return byteLevelEncoder({ ...loaded, engine, vocabulary, reason, tokens: model.vocabulary });
}

async function fastest(
  preTokenizer: object,
  model: BpeParts,
  added: readonly AddedToken[],
  { engine = "js" }: EncoderOptions,
): Promise<ByteEngine> {
  const found = await byteEngine(preTokenizer, model, added, engine);
  if (typeof found === "string") throw unsupported(found);
  return found;
}

const isRanks = (source: string | Uint8Array | object): source is string | Uint8Array =>
  typeof source === "string"
    ? isTiktoken(source)
    : source instanceof Uint8Array &&
      isTiktoken(new TextDecoder().decode(source.subarray(0, 4096)));

const bytesOf = (source: string | Uint8Array): Uint8Array =>
  typeof source === "string" ? new TextEncoder().encode(source) : source;

function readTiktoken(file: Uint8Array, options: EncoderOptions): Loaded {
  if (options.pattern === undefined)
    throw new CapabilityError(
      "loadEncoder",
      ["the pattern of the .tiktoken file"],
      "Pass the option pattern.",
    );
  const vocabulary = readRanks(file);
  return {
    model: { ...rankParts(vocabulary), vocabulary },
    preTokenizer: preTokenizerOf(patternOf(options.pattern)),
    added: specialTokens(options.specialTokens ?? {}),
    form: null,
    searchInside: true,
  };
}

function readFile(source: string | Uint8Array | object): Loaded {
  const file = readJson(source, "tokenizer.json", ["model.vocab", "model.merges", "added_tokens"]);
  const model = read.fields(read.raw(file, "model"), "model");
  const type = read.optionalString(model, "type") ?? "BPE";
  if (type !== "BPE") throw unsupported(`the model is ${type}`);
  if (typeOf(file, "decoder") !== "ByteLevel") throw unsupported("the decoder is not ByteLevel");
  const normalizer = typeOf(file, "normalizer");
  const form = FORMS.find((name) => name === normalizer) ?? null;
  if (normalizer !== "" && form === null)
    throw unsupported(`the normalizer is ${normalizer}, not a normalization form`);
  const parts = { ...readBpe(model), bytes: true };
  return {
    model: parts,
    preTokenizer: read.optionalFields(file, "pre_tokenizer")?.value ?? {},
    added: readAddedTokens(file, parts.vocabulary),
    form,
    searchInside: false,
  };
}

/** Empty where there is none. */
function typeOf(file: read.Fields, name: string): string {
  const part = read.optionalFields(file, name);
  return part === undefined ? "" : (read.optionalString(part, "type") ?? "");
}

const unsupported = (reason: string): CapabilityError =>
  new CapabilityError("loadEncoder", [reason], "Use loadTokenizer for this file.");
