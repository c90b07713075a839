/**
 * The rivals, each from wherever it is installed: beside this bench, or in the folder FRUGAL_RIVALS.
 *
 * Differs  none is a dependency: one that is not there is named as not installed
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Encodes a text; gives the ids. */
export type Encode = (text: string) => ArrayLike<number>;

export interface Rival {
  readonly name: string;
  readonly version: string;
  readonly encode: Encode;
}

const NAMES = ["gpt-tokenizer", "ai-tokenizer", "tiktoken", "@huggingface/tokenizers"] as const;
type Name = (typeof NAMES)[number];

export interface Rivals {
  readonly found: readonly Rival[];
  readonly missing: readonly string[];
}

export async function rivals(file: object): Promise<Rivals> {
  const found: Rival[] = [];
  const missing: string[] = [];
  for (const name of NAMES) {
    const at = installed(name);
    if (at === null) missing.push(name);
    else found.push({ name, version: at.version, encode: await MAKERS[name](at.load, file) });
  }
  return { found, missing };
}

/** Rows of a mark, the first rank and tokens in base64, from js-tiktoken; null where it is not installed. */
export async function ranksOf(name: string): Promise<string | null> {
  const at = installed("js-tiktoken");
  if (at === null) return null;
  const { default: data } = (await at.load(`js-tiktoken/ranks/${name}`)) as {
    default: { bpe_ranks: string };
  };
  return data.bpe_ranks;
}

interface Installed {
  readonly version: string;
  load(specifier: string): Promise<unknown>;
}

function installed(name: string): Installed | null {
  for (const folder of [process.env.FRUGAL_RIVALS, process.cwd()]) {
    if (folder === undefined) continue;
    const manifest = join(folder, "node_modules", name, "package.json");
    if (!existsSync(manifest)) continue;
    const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
    const from = createRequire(join(folder, "rivals.cjs"));
    return { version, load: (specifier) => import(pathToFileURL(from.resolve(specifier)).href) };
  }
  return null;
}

type Load = Installed["load"];

const MAKERS: Record<Name, (load: Load, file: object) => Promise<Encode>> = {
  async "gpt-tokenizer"(load) {
    const { encode } = named<{ encode: Encode }>(
      await load("gpt-tokenizer/cjs/encoding/o200k_base"),
    );
    return (text) => encode(text);
  },
  async "ai-tokenizer"(load) {
    const { Tokenizer } = named<{ Tokenizer: new (data: unknown) => { encode: Encode } }>(
      await load("ai-tokenizer"),
    );
    const data = named<object>(await load("ai-tokenizer/encoding/o200k_base"));
    const tokenizer = new Tokenizer(data);
    return (text) => tokenizer.encode(text);
  },
  async tiktoken(load) {
    const { get_encoding } = named<{ get_encoding(name: string): { encode: Encode } }>(
      await load("tiktoken"),
    );
    const encoding = get_encoding("o200k_base");
    return (text) => encoding.encode(text);
  },
  async "@huggingface/tokenizers"(load, file) {
    const { Tokenizer } = named<{
      Tokenizer: new (file: object, config: object) => { encode(text: string): { ids: number[] } };
    }>(await load("@huggingface/tokenizers"));
    const tokenizer = new Tokenizer(file, {});
    return (text) => tokenizer.encode(text).ids;
  },
};

/** CommonJS modules come as the default of their namespace. */
const named = <T>(namespace: unknown): T => {
  const { default: inner, ...rest } = namespace as { default?: object };
  return {
    ...(typeof inner === "object" ? inner : {}),
    ...rest,
    ...(typeof inner === "function" ? { Tokenizer: inner } : {}),
  } as T;
};
