/** `frugal tokenize --compare`: tokenizers side by side on a text. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  compareTokenizers,
  type TokenizerComparison,
  unicodeWords,
  whitespaceWords,
} from "@frugal/tokenizers/measure";
import { usage } from "../failure.js";
import { hasColor, type Io } from "../io.js";
import { openCommand } from "../report-files.js";
import { emptyTable, progressOn } from "../terminal.js";
import { comparisonPage } from "./comparison-page.js";
import { textOf } from "./input.js";
import { bestOf, measuresOf } from "./measures.js";
import { type NamedTokenizer, openTokenizer } from "./places.js";

export const WORDS = ["whitespace", "unicode"] as const;

export interface CompareFlags {
  readonly words: (typeof WORDS)[number];
  readonly alpha: number;
  readonly json?: boolean;
  readonly out?: string;
}

/** The last place is the text. */
export async function compare(
  places: readonly string[],
  flags: CompareFlags,
  io: Io,
): Promise<void> {
  if (places.length < 2) throw usage("--compare takes tokenizers and, last, a text: A B FILE");
  const text = await textOf(places.at(-1), io);
  const tokenizers = await openAll(places.slice(0, -1), io);
  const progress = progressOn(io);
  const compared = await compareTokenizers(text, tokenizers, {
    words: flags.words === "unicode" ? unicodeWords() : whitespaceWords,
    alpha: flags.alpha,
    signal: io.signal,
    onProgress: ({ done, total }) => progress.tell("characters", done, total ?? done),
  });
  progress.end();
  if (flags.json) io.out.write(`${JSON.stringify(compared, null, 2)}\n`);
  else printComparison(compared, io);
  if (flags.out === undefined) return;
  const page = comparisonPage({ title: `Tokenizers on ${places.at(-1)}`, compared });
  await writePage(flags.out, page, compared, io);
}

/** Where two files have one name, what was typed tells them apart. */
export async function openAll(places: readonly string[], io: Io): Promise<NamedTokenizer[]> {
  const opened: NamedTokenizer[] = [];
  for (const place of places) opened.push(await openTokenizer(place, io));
  const names = opened.map(({ name }) => name);
  return opened.map(({ name, tokenizer }, i) => ({
    name: names.indexOf(name) === names.lastIndexOf(name) ? name : places[i]!,
    tokenizer,
  }));
}

export async function writePage(
  folder: string,
  page: string,
  results: object,
  io: Io,
): Promise<void> {
  const path = resolve(io.cwd, folder);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "index.html"), page);
  await writeFile(join(path, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
  io.err.write(`\n${openCommand(join(path, "index.html"), io.cwd)}\n`);
}

function printComparison(compared: readonly TokenizerComparison[], io: Io): void {
  const names = compared.map(({ name }) => name);
  const { metrics } = compared[0]!;
  const table = emptyTable(["", ...names], ["left", ...names.map(() => "right" as const)], io);
  for (const measure of measuresOf(names[0]!)) {
    const values = compared.map((one) => measure.value(one));
    const best = bestOf(measure, values);
    const cells = values.map((value, i) => marked(measure.text(value), best.has(i), io));
    table.push([`${measure.name}${ARROWS[measure.better ?? "none"]}`, ...cells]);
  }
  const { words, distinctWords } = metrics.words;
  io.out.write(
    `${metrics.characters} characters, ${metrics.bytes} bytes, ${words} words (${distinctWords} distinct)\n`,
  );
  io.out.write(`${table.toString()}\n* the best; ↑ more is better, ↓ less is better\n`);
}

const ARROWS = { higher: " ↑", lower: " ↓", none: "" } as const;
const GREEN = "\u001b[32m";
const RESET = "\u001b[0m";

/** Rows stay in line: a place is kept for the mark. */
export function marked(text: string, isBest: boolean, io: Io): string {
  const shown = `${text}${isBest ? "*" : " "}`;
  return isBest && hasColor(io, io.out) ? `${GREEN}${shown}${RESET}` : shown;
}
