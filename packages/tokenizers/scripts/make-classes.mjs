/**
 * Writes `src/engine/unicode-runs.ts`: the classes of all code points, by the Unicode version of the Node that runs it.
 *
 * Use      node scripts/make-classes.mjs    with a Node whose Unicode version is the one to pin
 */
import { writeFileSync } from "node:fs";

/** The order of classes.ts; the first that matches. */
const CLASSES = [
  [/^[\r\n]$/u, 6],
  [/^ $/u, 8],
  [/^\p{White_Space}$/u, 7],
  [/^\/$/u, 9],
  [/^\p{M}$/u, 1],
  [/^[\p{Lu}\p{Lt}]$/u, 2],
  [/^\p{Ll}$/u, 3],
  [/^[\p{Lm}\p{Lo}]$/u, 4],
  [/^\p{N}$/u, 5],
  [/^[\p{P}\p{S}]$/u, 10],
];

const classOf = (code) => {
  const character = String.fromCodePoint(code);
  return CLASSES.find(([pattern]) => pattern.test(character))?.[1] ?? 0;
};

const runs = [];
for (let code = 0; code <= 0x10ffff; code++) {
  const found = classOf(code);
  const last = runs.at(-1);
  if (last?.[0] === found) last[1]++;
  else runs.push([found, 1]);
}
const text = runs
  .map(([found, count]) => "ABCDEFGHIJK"[found] + (count === 1 ? "" : count.toString(36)))
  .join("");
const lines = text.match(/.{1,100}/g).map((line) => `  "${line}",`);
writeFileSync(
  new URL("../src/engine/unicode-runs.ts", import.meta.url),
  `/** Made by scripts/make-classes.mjs. Runs of code points from 0 up: the letter of a class, the count in base 36 where above 1. */
export const UNICODE_VERSION = "${process.versions.unicode}";

export const UNICODE_RUNS: readonly string[] = [
${lines.join("\n")}
];
`,
);
