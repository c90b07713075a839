/**
 * Loads a tokenizer: a Hugging Face `tokenizer.json`, a `.tiktoken` file, a SentencePiece model, a GGUF file.
 *
 * Paper    none (the format of Hugging Face tokenizers 0.22, version 1.0)
 * Cost     O(file); beside it about 60 bytes of memory a token or merge that are kept (28 MB for 200,000 tokens with 446,000
 *          merges, 19 of them in WebAssembly)
 * Differs  what the file asks for and this version lacks is an error, never left out
 * Errors   FormatError: not JSON, a broken field, a limit of limits.ts; CapabilityError: a type, field or option that is
 *          not supported; both name the field. The signal's reason where it is aborted
 */
import { type AddedToken, addedTokenFinder } from "./added-tokens.js";
import { chatRenderer, noChat } from "./chat.js";
import { buildDecoder } from "./decoders/build.js";
import { cutFinder } from "./encoding/cuts.js";
import { accelerated } from "./engine/build.js";
import { readAddedTokens } from "./formats/added.js";
import { readPadding, readTruncation } from "./formats/batching.js";
import * as read from "./formats/fields.js";
import { readGguf } from "./formats/gguf.js";
import { isGguf } from "./formats/gguf-metadata.js";
import { readJson } from "./formats/json.js";
import { readModel } from "./formats/models.js";
import { isTiktoken } from "./formats/ranks.js";
import { readSentencePieceModel, type SentencePieceOptions } from "./formats/sentencepiece.js";
import { readTiktoken, type TiktokenOptions } from "./formats/tiktoken.js";
import { FILE_LENGTH_LIMIT } from "./limits.js";
import type { BpeParts } from "./models/bpe.js";
import { buildNormalizer, type Normalizer } from "./normalizers/build.js";
import { buildPostProcessor } from "./post-processors/build.js";
import { buildPreTokenizer, type Step } from "./pre-tokenizers/build.js";
import { toByteCharacters } from "./pre-tokenizers/byte-level.js";
import { contentOf } from "./sources.js";
import { unaligned } from "./text/aligned.js";
import { type TokenTable, tokenTable } from "./token-table.js";
import { makeTokenizer, type TokenizerParts } from "./tokenizer.js";
import type { SpecialIds, Tokenizer } from "./types.js";

/** Members that are read from the bytes, into tables. */
const BIG = ["model.vocab", "model.merges", "added_tokens"];

export interface LoadOptions {
  /** tokenizer_config.json: gives the chat template and the tokens with a role. */
  readonly config?: string | Uint8Array | object;
  /** `js`: without WebAssembly. Default: the fastest that this host and the file allow; `path` of the tokenizer tells. */
  readonly engine?: "auto" | "js";
  /** What a .tiktoken file does not hold: the pattern, the special tokens. */
  readonly tiktoken?: TiktokenOptions;
  /** What a SentencePiece model does not hold. */
  readonly sentencePiece?: SentencePieceOptions;
  /** Numbers in [0, 1), evenly, for a file that leaves merges out at random (`dropout`); without it such a file is refused. */
  readonly random?: () => number;
  /** Stops the loading. */
  readonly signal?: AbortSignal;
}

/**
 * `source`: a tokenizer.json, a .tiktoken file, a SentencePiece model or the front of a GGUF file, as bytes, text or parsed,
 * or the path or the URL of one.
 */
export async function loadTokenizer(
  source: string | URL | Uint8Array | object,
  options: LoadOptions = {},
): Promise<Tokenizer> {
  const { signal, engine = "auto" } = options;
  signal?.throwIfAborted();
  const found = await readParts(source, options);
  if ("table" in found) return makeTokenizer(found);
  const { preTokenizer, steps, bpe, added, written } = found;
  const fast = await accelerated(preTokenizer, steps, bpe, added, engine);
  signal?.throwIfAborted();
  return makeTokenizer({ ...found.parts, ...fast, steps: [...fast.steps, ...written] });
}

/** What a tokenizer.json asks for; the engine is chosen when its bytes are let go. */
interface ReadFile {
  readonly parts: Omit<TokenizerParts, "engine" | "path" | "steps">;
  readonly preTokenizer: object | undefined;
  readonly steps: readonly Step[];
  /** Steps behind those of the file. */
  readonly written: readonly Step[];
  readonly bpe: BpeParts | null;
  readonly added: readonly AddedToken[];
}

async function readParts(
  source: string | URL | Uint8Array | object,
  options: LoadOptions,
): Promise<TokenizerParts | ReadFile> {
  const { config, signal } = options;
  const content = await contentOf(source, signal);
  signal?.throwIfAborted();
  const gguf = content instanceof Uint8Array && isGguf(content) ? readGguf(content) : null;
  const given = config ?? gguf?.config;
  const settings =
    given === undefined
      ? undefined
      : readJson(given, "tokenizer_config.json", ["added_tokens_decoder"]);
  const roles = settings === undefined ? {} : roleTokens(settings);
  const renderChat = settings === undefined ? noChat : await chatRenderer(settings, roles);
  const other = gguf === null ? await otherFormat(content, options) : gguf.parts;
  if (other !== null) {
    const named = specialIds([], roles, other.table, other.specialIds.unknown ?? -1);
    const known = { ...other.specialIds, ...named, all: other.specialIds.all };
    return { ...other, specialIds: known, renderChat };
  }
  const file = readJson(gguf?.json ?? content, "tokenizer.json", BIG);
  checkTop(file);
  const preTokenizer = read.optionalFields(file, "pre_tokenizer");
  const { steps, bytes } =
    preTokenizer === undefined ? { steps: [], bytes: false } : buildPreTokenizer(preTokenizer);
  const normalizerFields = read.optionalFields(file, "normalizer");
  const normalizer = normalizerFields === undefined ? null : buildNormalizer(normalizerFields);
  const post = buildPostProcessor(read.optionalFields(file, "post_processor"));
  const stages = buildDecoder(read.optionalFields(file, "decoder"));
  signal?.throwIfAborted();
  const loaded = readModel(read.fields(read.raw(file, "model"), "model"), bytes, options.random);
  const added = readAddedTokens(file, loaded.vocabulary);
  const table = tokenTable(loaded.vocabulary, added);
  return {
    parts: {
      name: gguf === null ? "hugging-face" : "gguf",
      ...finders(added, normalizer),
      normalizer,
      model: loaded.model,
      readsBytes: bytes && loaded.bpe !== null,
      hasByteAlphabet: bytes,
      post,
      truncation: readTruncation(file),
      padding: readPadding(file),
      cut: cutFinder(file, added),
      stages,
      renderChat,
      table,
      specialIds: specialIds(added, roles, table, loaded.unknown),
    },
    preTokenizer: preTokenizer?.value,
    steps,
    // A model other than BPE does not read bytes itself.
    written: bytes && loaded.bpe === null ? [{ kind: "rewrite", rewrite: toByteCharacters }] : [],
    bpe: loaded.bpe,
    added,
  };
}

/** Null for a tokenizer.json. */
async function otherFormat(
  content: string | Uint8Array | object,
  { tiktoken, sentencePiece, engine = "auto" }: LoadOptions,
): Promise<Omit<TokenizerParts, "renderChat"> | null> {
  if (typeof content === "string")
    return isTiktoken(content)
      ? readTiktoken(new TextEncoder().encode(content), tiktoken, engine)
      : null;
  if (!(content instanceof Uint8Array)) return null;
  read.counted(content.length, "the file", FILE_LENGTH_LIMIT);
  const start = new TextDecoder().decode(content.subarray(0, 1 << 12));
  if (isTiktoken(start)) return readTiktoken(content, tiktoken, engine);
  // A model begins with the length of its first piece; a file in JSON with a brace, maybe behind white space.
  return content[0] === 0x0a && !/^\s*\{/.test(start)
    ? readSentencePieceModel(content, sentencePiece)
    : null;
}

function checkTop(file: read.Fields): void {
  read.only(
    file,
    ..."version truncation padding added_tokens normalizer pre_tokenizer".split(" "),
    ..."post_processor decoder model".split(" "),
  );
  const version = read.string(file, "version", "1.0");
  if (version !== "1.0") throw read.unsupported(`version ${JSON.stringify(version)}`);
}

function finders(added: readonly AddedToken[], normalizer: Normalizer | null) {
  const normalized = (token: AddedToken): string =>
    normalizer?.(unaligned(token.content, 0)).text ?? token.content;
  return {
    rawTokens: addedTokenFinder(
      added.filter((token) => !token.normalized),
      (token) => token.content,
    ),
    normalizedTokens: addedTokenFinder(
      added.filter((token) => token.normalized),
      normalized,
    ),
  };
}

const ROLES = ["bos", "eos", "pad", "unk", "sep", "cls", "mask"] as const;

/** `bos_token` and so on: a string, or an object with `content`. */
function roleTokens(config: read.Fields): Readonly<Record<string, string>> {
  const tokens: Record<string, string> = {};
  for (const role of ROLES) {
    const key = `${role}_token`;
    const value = read.raw(config, key) ?? null;
    if (value === null) continue;
    tokens[key] =
      typeof value === "string" ? value : read.string(read.fields(value, key), "content");
  }
  return tokens;
}

function specialIds(
  added: readonly AddedToken[],
  roles: Readonly<Record<string, string>>,
  table: TokenTable,
  unknown: number,
): SpecialIds {
  const role = (name: string): number | undefined => {
    const token = roles[`${name}_token`];
    return token === undefined ? undefined : table.idOf(token);
  };
  const ids: Record<string, number | undefined> = {
    bos: role("bos"),
    eos: role("eos"),
    pad: role("pad"),
    unknown: role("unk") ?? (unknown < 0 ? undefined : unknown),
  };
  const all = added.filter((token) => token.special).map((token) => token.id);
  const known = Object.entries(ids).filter(([, id]) => id !== undefined);
  return { ...Object.fromEntries(known), all: all.sort((a, b) => a - b) };
}
