/**
 * Opens a tokenizer by name or place: a reference model, a file, a folder, or a URL.
 *
 * Errors   SourceError for a place that gives no file, those of `loadTokenizer`
 */
import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MODEL_NAMES, modelDirectory, type ReferenceModelName } from "@frugal/reference-models";
import { SourceError } from "@frugal/tensor/errors";
import { type LoadOptions, loadTokenizer, type Tokenizer } from "@frugal/tokenizers";
import { usage } from "../failure.js";
import type { Io } from "../io.js";
import { parseSpec } from "../spec.js";

export const PLACE_HELP = `${MODEL_NAMES.join(", ")}, a file, a folder or a URL`;

/** What a folder may hold, the first that is there. */
const FILE_NAMES = ["tokenizer.json", "tokenizer.model", "spiece.model", "model.gguf"];
/** Longer names first: one may begin with another. */
const PATTERNS = ["cl100k", "o200k", "p50k", "r50k", "gpt2"] as const;

export interface NamedTokenizer {
  /** As it stands in tables. */
  readonly name: string;
  readonly tokenizer: Tokenizer;
}

export async function openTokenizer(
  place: string,
  { cwd, signal }: Pick<Io, "cwd" | "signal">,
): Promise<NamedTokenizer> {
  if (/^https?:\/\//.test(place)) {
    const url = new URL(place);
    const tokenizer = await loadTokenizer(url, { signal, ...tiktokenOf(url.pathname, {}) });
    return { name: shortName(url.pathname), tokenizer };
  }
  const { name, options } = parseSpec(place);
  const path = fileOf(name, cwd);
  const tokenizer = await loadTokenizer(path, { signal, ...tiktokenOf(path.pathname, options) });
  return { name: isReference(name) ? name : shortName(path.pathname), tokenizer };
}

const isReference = (name: string): name is ReferenceModelName =>
  (MODEL_NAMES as readonly string[]).includes(name);

function fileOf(name: string, cwd: string): URL {
  if (isReference(name)) return new URL("tokenizer.json", modelDirectory(name));
  const path = resolve(cwd, name);
  if (!existsSync(path)) {
    throw new SourceError("tokenize", path, 0, `is no file; a tokenizer is ${PLACE_HELP}`);
  }
  if (!statSync(path).isDirectory()) return pathToFileURL(path);
  const found = FILE_NAMES.find((file) => existsSync(join(path, file)));
  if (found !== undefined) return pathToFileURL(join(path, found));
  throw new SourceError("tokenize", path, 0, `holds none of ${FILE_NAMES.join(", ")}`);
}

/** A .tiktoken file does not hold its pattern: `FILE:pattern=NAME`, or the name that the file begins with. */
function tiktokenOf(
  path: string,
  { pattern, ...others }: Readonly<Record<string, string | number | boolean>>,
): Pick<LoadOptions, "tiktoken"> {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw usage(`a tokenizer has no option '${unknown}'; it has: pattern`);
  const file = basename(path);
  const known = pattern ?? PATTERNS.find((name) => file.startsWith(name));
  return known === undefined ? {} : { tiktoken: { pattern: String(known) } };
}

/** The file, or its folder where every file is called that. */
function shortName(path: string): string {
  const parts = decodeURIComponent(path).split("/").filter(Boolean);
  const file = parts.at(-1) ?? path;
  return (FILE_NAMES.includes(file) ? parts.at(-2) : undefined) ?? file;
}
