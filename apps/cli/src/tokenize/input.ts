/**
 * Texts that the command works on: a file, several, or what is piped in.
 *
 * Errors   a usage error where there is no text; FormatError for bytes that are not UTF-8; the system's for a file that is
 *          not there
 */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { FormatError } from "@frugal/tensor/errors";
import { usage } from "../failure.js";
import type { Io } from "../io.js";

/** `-` or nothing: the text piped in. */
export async function textOf(
  place: string | undefined,
  io: Pick<Io, "cwd" | "readInput">,
): Promise<string> {
  if (place !== undefined && place !== "-") {
    const bytes = await readFile(resolve(io.cwd, place));
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch (cause) {
      throw new FormatError("tokenize", `${place} is not UTF-8`, { cause });
    }
  }
  const text = await io.readInput();
  if (text === undefined) throw usage("give a file, or pipe a text in");
  return text;
}

/** The lines of all files one after the other, each with its line feed. */
export async function* linesOf(
  places: readonly string[],
  { cwd, signal }: Pick<Io, "cwd" | "signal">,
): AsyncGenerator<string> {
  for (const place of places) {
    const input = createReadStream(resolve(cwd, place), { encoding: "utf8", signal });
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield `${line}\n`;
    }
  }
}
