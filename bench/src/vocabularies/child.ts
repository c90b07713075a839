/**
 * What known vocabularies cost: on English and on code, and in the languages of one text, as `frugal tokenize` measures it.
 *
 * The ranks are those of js-tiktoken in FRUGAL_RIVALS, the texts those of FRUGAL_DATA. Nothing is timed: one run is enough.
 * Prints the command's tables; the last line is the result as JSON.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TokenizerComparison, TokenPremiums } from "@frugal/tokenizers/measure";
import { ranksOf } from "../tokenizers/rivals.js";
import { corpora } from "../tokenizers/texts.js";

const VOCABULARIES = ["gpt2", "cl100k_base", "o200k_base"];
/** Languages with many speakers, of several scripts. */
const SHOWN = "spa deu rus arb hin jpn cmn_hans kor tha tur amh mya".split(" ");
const COMMAND = fileURLToPath(new URL("../../../apps/cli/dist/main.js", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "frugal-vocabularies-"));
try {
  const reason = await prepare();
  const result = reason === "" ? { texts: texts(), languages: languages() } : { reason };
  process.stdout.write(`${reason}\n${JSON.stringify({ node: process.version, ...result })}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** Writes the vocabularies as files; says what is missing. */
async function prepare(): Promise<string> {
  if (process.env.FRUGAL_DATA === undefined) return "FRUGAL_DATA is not set";
  for (const name of VOCABULARIES) {
    const ranks = await ranksOf(name);
    if (ranks === null) return "js-tiktoken is not in FRUGAL_RIVALS";
    const lines = ranks.split("\n").flatMap((row) => {
      const [, first, ...tokens] = row.split(" ");
      return tokens.map((token, i) => `${token} ${Number(first) + i}\n`);
    });
    writeFileSync(join(folder, name), lines.join(""));
  }
  return "";
}

function compare(...more: readonly string[]): { readonly table: string; readonly json: unknown } {
  const argv = [COMMAND, "tokenize", "--compare", ...VOCABULARIES, "fables", ...more];
  const run = (flags: readonly string[]): string =>
    execFileSync(process.execPath, [...argv, ...flags], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 1 << 26,
      stdio: ["ignore", "pipe", "ignore"],
    });
  return { table: run([]), json: JSON.parse(run(["--json"])) };
}

function texts() {
  return corpora()
    .filter(({ name }) => name !== "multilingual")
    .map(({ name, text }) => {
      writeFileSync(join(folder, "text"), text);
      const { table, json } = compare("text");
      process.stdout.write(`${name}\n${table}\n`);
      return { name, tokenizers: json as TokenizerComparison[] };
    });
}

function languages() {
  const { table, json } = compare("--parallel", join(process.env.FRUGAL_DATA!, "udhr2.zip"));
  process.stdout.write(`${table}\n`);
  const { reference, leftOut, tokenizers } = json as {
    readonly reference: string;
    readonly leftOut: readonly string[];
    readonly tokenizers: readonly (TokenPremiums & { readonly name: string })[];
  };
  const shortened = tokenizers.map(({ rows, ...summary }) => ({
    ...summary,
    languages: rows.length,
    premiums: Object.fromEntries(
      rows
        .filter(({ language }) => SHOWN.includes(language))
        .map(({ language, premium }) => [language, premium]),
    ),
  }));
  return { reference, leftOut, tokenizers: shortened };
}
