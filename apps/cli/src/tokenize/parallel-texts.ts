/**
 * Reads one text in many languages: a folder or a .zip archive with a file a language, `eng.txt`.
 *
 * Errors   FormatError: no files, a file that is not UTF-8, no archive; the system's for a place that is not there
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { FormatError } from "@frugal/tensor/errors";
import type { ParallelTexts } from "@frugal/tokenizers/measure";
import { usage } from "../failure.js";
import { readZip, type ZipFile } from "./zip.js";

export interface Parallel {
  readonly texts: ParallelTexts;
  /** Languages with far fewer lines than the reference: their text is not the whole. */
  readonly leftOut: readonly string[];
}

/** Lines of the reference that a language must have, as a share: translations join and split some. */
const WHOLE = 0.85;

export async function parallelTexts(
  place: string,
  reference: string,
  cwd: string,
): Promise<Parallel> {
  const files = await filesAt(resolve(cwd, place));
  const lines = new Map<string, string[]>();
  for (const { name, bytes } of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const language = basename(name).replace(/\.txt$/, "");
    if (lines.has(language)) throw new FormatError("parallel texts", `${language} is there twice`);
    lines.set(language, linesOf(name, bytes));
  }
  const base = lines.get(reference);
  if (base === undefined) {
    const some = [...lines.keys()].slice(0, 12).join(", ");
    throw usage(`no language is called '${reference}'; among ${lines.size} there are: ${some}`);
  }
  const texts = new Map<string, readonly string[]>();
  const leftOut: string[] = [];
  for (const [language, own] of lines) {
    if (own.length < WHOLE * base.length) leftOut.push(language);
    else texts.set(language, [own.join("\n")]);
  }
  return { texts, leftOut };
}

async function filesAt(path: string): Promise<ZipFile[]> {
  const isText = (name: string): boolean => name.endsWith(".txt");
  const isFolder = (await stat(path)).isDirectory();
  const files = isFolder
    ? await Promise.all(
        (await readdir(path)).filter(isText).map(async (name) => ({
          name,
          bytes: new Uint8Array(await readFile(join(path, name))),
        })),
      )
    : readZip(await readFile(path), isText);
  if (files.length === 0) throw new FormatError("parallel texts", `${path} holds no .txt files`);
  return files;
}

/** Indentation and empty lines are the file's and not the language's. */
function linesOf(name: string, bytes: Uint8Array): string[] {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError("parallel texts", `${name} is not UTF-8`, { cause });
  }
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
