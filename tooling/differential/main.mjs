/**
 * Compares the built tokenizers with the native implementations on random and on real texts: ids and offsets.
 *
 * Use      node tooling/differential/main.mjs [--vocab NAME,...] [--strings N] [--seed S] [--files FOLDER]
 * Needs    npm, which installs the rivals below FRUGAL_RIVALS (or node_modules/.cache/differential) at the first run;
 *          books and languages are read where FRUGAL_DATA names a folder
 * Errors   exit status 1 where something differs
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadTokenizer } from "@frugal/tokenizers";
import { difference, shrunk, toUnits } from "./compare.mjs";
import {
  ENCODINGS,
  install,
  nativeTokenizer,
  tiktokenEncoding,
  VOCABULARIES,
  vocabularyFile,
} from "./rivals.mjs";
import { corpora, generator } from "./texts.mjs";

const { values: options } = parseArgs({
  options: {
    vocab: { type: "string" },
    strings: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    files: { type: "string" },
  },
});
const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = process.env.FRUGAL_RIVALS ?? `${root}node_modules/.cache/differential`;
const all = [...VOCABULARIES, ...ENCODINGS];
const wanted = options.vocab?.split(",") ?? (options.files === undefined ? all : []);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0)
  throw new Error(`no vocabulary ${unknown.join(", ")}; there are ${all.join(", ")}`);

const BATCH = 500;
const PIECES = 2000;
const SHOWN = 12;
let failed = 0;

install(
  folder,
  wanted.filter((name) => VOCABULARIES.includes(name)),
);
process.stdout.write(
  "vocabulary            path     texts           count  characters  mismatches\n",
);
for (const name of wanted) {
  if (VOCABULARIES.includes(name)) await compareFile(name, vocabularyFile(folder, name), true);
  else await compareEncoding(name);
}
if (options.files !== undefined)
  // On some of the faulty files the native package ends the process.
  for (const file of readdirSync(options.files).sort())
    if (file.endsWith(".json") && !file.startsWith("bad-"))
      await compareFile(basename(file, ".json"), join(options.files, file), false);
process.stdout.write(failed === 0 ? "no mismatch\n" : `${failed} mismatches\n`);
process.exitCode = failed === 0 ? 0 : 1;

async function compareFile(name, file, withCorpora) {
  const content = JSON.parse(readFileSync(file, "utf8"));
  let native;
  try {
    native = nativeTokenizer(folder, file);
  } catch (cause) {
    process.stdout.write(
      `${name.padEnd(21)} the native package refuses the file: ${cause.message}\n`,
    );
    return;
  }
  let auto;
  try {
    auto = await loadTokenizer(content);
  } catch (cause) {
    failed++;
    process.stdout.write(`${name.padEnd(21)} ours refuses the file: ${cause.message}\n`);
    return;
  }
  const js = await loadTokenizer(content, { engine: "js" });
  const expect = async (texts) =>
    (await native(texts)).map(({ ids, offsets }, i) => ({
      ids,
      offsets: toUnits(texts[i], offsets),
    }));
  const ours = [
    [auto.path.name, (text) => ({ ids: auto.encode(text) })],
    ["offsets", (text) => auto.encodeWithOffsets(text)],
  ];
  if (auto.path.name !== js.path.name)
    ours.splice(1, 0, [js.path.name, (text) => ({ ids: js.encode(text) })]);
  const tokens = (content.added_tokens ?? []).map((token) => token.content);
  await compare(name, auto, tokens, expect, ours, withCorpora);
}

async function compareEncoding(name) {
  const { ranks, pattern, special, encode } = tiktokenEncoding(folder, name);
  const settings = { tiktoken: { pattern, specialTokens: special } };
  const auto = await loadTokenizer(ranks, settings);
  const js = await loadTokenizer(ranks, { ...settings, engine: "js" });
  const expect = (texts) => texts.map((text) => ({ ids: Array.from(encode(text.toWellFormed())) }));
  const ours = [
    [auto.path.name, (text) => ({ ids: auto.encode(text) })],
    ["js", (text) => ({ ids: js.encode(text) })],
    ["offsets", (text) => ({ ids: auto.encodeWithOffsets(text).ids })],
  ];
  await compare(name, auto, Object.keys(special), expect, ours, true);
}

async function compare(name, tokenizer, tokens, expect, ours, withCorpora) {
  const seed = Number(options.seed);
  const next = generator(seed, tokens, piecesOf(tokenizer));
  const random = Array.from({ length: Number(options.strings) }, next);
  const sources = [{ name: "random", texts: random }];
  if (withCorpora) sources.push(...corpora(process.env.FRUGAL_DATA));
  const shown = new Set();
  for (const source of sources) {
    const counts = ours.map(() => 0);
    for (let at = 0; at < source.texts.length; at += BATCH) {
      const texts = source.texts.slice(at, at + BATCH);
      const expected = await expect(texts);
      for (const [o, [path, encode]] of ours.entries())
        for (const [i, text] of texts.entries()) {
          const found = differs(expected[i], encode, text);
          if (found === "") continue;
          counts[o]++;
          failed++;
          if (counts[o] <= SHOWN) await show(name, path, expect, encode, text, found, shown);
        }
    }
    const characters = source.texts.reduce((sum, text) => sum + text.length, 0);
    ours.forEach(([path], o) => {
      const cells = [name.padEnd(21), path.padEnd(8), source.name.padEnd(10)];
      const numbers = [source.texts.length, characters, counts[o]].map((n) =>
        String(n).padStart(10),
      );
      process.stdout.write(`${cells.join(" ")} ${numbers.join(" ")}\n`);
    });
  }
}

function differs(expected, encode, text) {
  try {
    return difference(expected, encode(text));
  } catch (cause) {
    return `an error: ${cause.message}`;
  }
}

async function show(name, path, expect, encode, text, kind, shown) {
  const small = await shrunk(
    text,
    async (candidate) => differs((await expect([candidate]))[0], encode, candidate) === kind,
  );
  const key = `${path} ${small}`;
  if (shown.has(key)) return;
  shown.add(key);
  const [expected] = await expect([small]);
  let actual;
  try {
    actual = encode(small);
  } catch (cause) {
    actual = { ids: [cause.message] };
  }
  const list = (values) => (values === undefined ? "" : ` [${Array.from(values).join(" ")}]`);
  process.stdout.write(
    `  ${name} ${path} ${kind}: ${escaped(small)}\n    expected${list(expected.ids)}${list(expected.offsets)}\n` +
      `    actual  ${list(actual.ids)}${list(actual.offsets)}\n`,
  );
}

function escaped(text) {
  const code = (character) => `\\u{${character.codePointAt(0).toString(16)}}`;
  return JSON.stringify(text).replace(/[^\x20-\x7e]/gu, code);
}

/** Some tokens of the vocabulary as text. */
function piecesOf(tokenizer) {
  const count = tokenizer.vocabularySize;
  const step = Math.max(1, Math.floor(count / PIECES));
  const pieces = [];
  for (let id = 0; id < count; id += step) {
    if (tokenizer.idToToken(id) === undefined) continue;
    const text = tokenizer.decode([id]);
    if (text !== "") pieces.push(text);
  }
  return pieces;
}
