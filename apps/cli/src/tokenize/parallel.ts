/** `frugal tokenize --compare --parallel`: what one text costs in many languages. */
import { tokenPremium } from "@frugal/tokenizers/measure";
import { usage } from "../failure.js";
import type { Io } from "../io.js";
import { emptyTable, progressOn } from "../terminal.js";
import { marked, openAll, writePage } from "./compare.js";
import { parallelTexts } from "./parallel-texts.js";
import { premiumPage } from "./premium-page.js";
import { ended, type NamedPremiums, rankedLanguages, SUMMARIES } from "./premiums.js";

export interface ParallelFlags {
  readonly parallel: string;
  /** The language that the others are compared with. */
  readonly language: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

/** Languages that the table shows at each end, unless it shall show all. */
const SHOWN = 8;

export async function compareParallel(
  places: readonly string[],
  flags: ParallelFlags,
  io: Io,
): Promise<void> {
  if (places.length === 0) throw usage("--parallel takes tokenizers: A B");
  const { texts, leftOut } = await parallelTexts(flags.parallel, flags.language, io.cwd);
  const progress = progressOn(io);
  const found: NamedPremiums[] = [];
  for (const { name, tokenizer } of await openAll(places, io)) {
    const premiums = await tokenPremium(texts, tokenizer, flags.language, {
      signal: io.signal,
      onProgress: ({ done, total }) => progress.tell(name, done, total ?? done),
    });
    found.push({ name, ...premiums });
  }
  progress.end();
  const results = { reference: flags.language, leftOut, tokenizers: found };
  if (flags.json) io.out.write(`${JSON.stringify(results, null, 2)}\n`);
  else print(found, leftOut, flags.all === true, io);
  if (flags.out !== undefined) await writePage(flags.out, premiumPage(found, leftOut), results, io);
}

function print(
  found: readonly NamedPremiums[],
  leftOut: readonly string[],
  all: boolean,
  io: Io,
): void {
  const names = found.map(({ name }) => name);
  const { reference, rows } = found[0]!;
  const right = names.map(() => "right" as const);
  io.out.write(`Tokens of one text over those of ${reference}, in ${rows.length} languages\n`);
  const table = emptyTable(["", ...names], ["left", ...right], io);
  for (const [label, figure] of SUMMARIES) {
    const values = found.map(figure);
    const best = Math.min(...values);
    const isTie = new Set(values).size === 1;
    const cells = values.map((value) => marked(value.toFixed(3), !isTie && value === best, io));
    table.push([label, ...cells]);
  }
  table.push(["cheapest", ...found.map(({ best }) => ended(best))]);
  table.push(["dearest", ...found.map(({ worst }) => ended(worst))]);
  io.out.write(`${table.toString()}\n* the best; less is better\n\n`);

  const languages = emptyTable(["language", ...names], ["left", ...right], io);
  const ranked = rankedLanguages(found);
  const shown = all ? ranked : [...ranked.slice(0, SHOWN), null, ...ranked.slice(-SHOWN)];
  const isCut = !all && ranked.length > 2 * SHOWN;
  for (const row of isCut ? shown : ranked) {
    languages.push(
      row === null
        ? ["...", ...names.map(() => "")]
        : [row.language, ...row.premiums.map((premium) => premium.toFixed(2))],
    );
  }
  io.out.write(`${languages.toString()}\n`);
  if (isCut) io.out.write(`${ranked.length - 2 * SHOWN} more: --all, --json or --out\n`);
  if (leftOut.length > 0) {
    io.out.write(`left out, for their text is not the whole: ${leftOut.join(", ")}\n`);
  }
}
