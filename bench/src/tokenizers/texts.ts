/** The texts of the question: what they are, and why one is not measured. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Corpus {
  readonly name: string;
  /** Empty: not measured, for `reason`. */
  readonly text: string;
  readonly reason: string;
}

const MOST = { maxBuffer: 1 << 28, encoding: "utf8" } as const;
/** Share of each book's paragraphs, from its end. */
const SHARE = 0.2;

export function corpora(): Corpus[] {
  const folder = process.env.FRUGAL_DATA;
  const code = { name: "code", text: ownSources(), reason: "" };
  const missing = (name: string): Corpus => ({ name, text: "", reason: "FRUGAL_DATA is not set" });
  if (folder === undefined) return [missing("English"), code, missing("multilingual")];
  return [
    { name: "English", text: lastParagraphs(join(folder, "fairy-books.txt.xz")), reason: "" },
    code,
    { name: "multilingual", text: declarations(join(folder, "udhr2.zip")), reason: "" },
  ];
}

function lastParagraphs(path: string): string {
  const books = execFileSync("xz", ["-dc", path], MOST).split("\0");
  return books
    .map((book) => {
      const paragraphs = book.split("\n");
      return paragraphs.slice(Math.floor(paragraphs.length * (1 - SHARE))).join("\n");
    })
    .join("\n");
}

/** The TypeScript of this repository, without the special tokens in it, which some rivals refuse. */
function ownSources(): string {
  const root = fileURLToPath(new URL("../../../packages/", import.meta.url));
  return readdirSync(root)
    .toSorted()
    .flatMap((name) => sourcesUnder(join(root, name, "src")))
    .join("\n")
    .replaceAll("<|", "< |");
}

function sourcesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith("unicode-runs.ts"))
      .toSorted()
      .map((name) => readFileSync(join(folder, name), "utf8"));
  } catch {
    return []; // a package without sources
  }
}

/** All languages, each cut short so that every part of the text has many of them. */
function declarations(path: string): string {
  const names = execFileSync("unzip", ["-Z1", path], MOST)
    .split("\n")
    .filter((name) => /\.txt$/.test(name));
  const texts = names.map((name) => execFileSync("unzip", ["-p", path, name], MOST));
  const rows: string[] = [];
  for (let at = 0; at < 12_000; at += 1000)
    for (const text of texts) rows.push(text.slice(at, at + 1000));
  return rows.join("\n");
}
