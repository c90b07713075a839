/**
 * Gives a small model another vocabulary without training, three ways, and measures what each costs.
 *
 * Use      node examples/new-vocabulary/transplant.mjs
 */
import { readFile } from "node:fs/promises";
import { heldOutBooks, modelDirectory } from "@frugal/reference-models";
import { loadTokenizer } from "@frugal/tokenizers";
import { transplantEmbeddings, wechselInit } from "@frugal/tokenizers/change";
import { byteAlphabet, tokenizerFile, trainBpe, wordCounts } from "@frugal/tokenizers/train";
import { bitsPerByte, embeddingRows, modelWith } from "./model.mjs";

const VECTOR = 64;
/** Texts of the measure, and of training, at most. */
const MEASURED = 24;
const TRAINED = 1500;

/** Three tables of rows for a new vocabulary, beside the old one. */
export async function compare({ vocabularySize = 4096, measured = MEASURED } = {}) {
  const paragraphs = (await heldOutBooks()).flatMap((book) => book.paragraphs);
  const texts = paragraphs.filter((text) => text.length > 200 && text.length < 800);
  const file = await trained(texts.slice(measured, measured + TRAINED), vocabularySize);
  const source = await embeddingRows();
  const oldModel = await modelWith(source, await oldFile());
  const oldTokenizer = oldModel.tokenizer;
  const newTokenizer = await loadTokenizer(file);
  const sample = texts.slice(0, measured);
  const rows = [];
  const measure = async (name, model, matrix, tokenizerJson) => {
    const used = model ?? (await modelWith(matrix, tokenizerJson));
    const tokens = sample.reduce((sum, text) => sum + used.tokenizer.count(text), 0);
    rows.push({ name, tokens, bitsPerByte: await bitsPerByte(used, sample) });
    used.dispose();
  };
  await measure("old vocabulary", oldModel);
  const random = uniform(1);
  const common = { input: source, oldTokenizer, newTokenizer, padTo: 1, random };
  const embed = async (list) => list.map(trigrams);
  const drawn = await transplantEmbeddings({
    ...common,
    embed: async (list) => list.map(() => undefined),
  });
  await measure("drawn at random", undefined, drawn.input, file);
  const local = await transplantEmbeddings({ ...common, embed, globalWeight: 0 });
  await measure("TokenAdapt, local", undefined, local.input, file);
  const mixed = await transplantEmbeddings({ ...common, embed });
  await measure("TokenAdapt, mixed", undefined, mixed.input, file);
  const words = { columns: VECTOR, vectorOf: trigrams };
  const near = await wechselInit({
    matrix: source,
    sourceTokenizer: oldTokenizer,
    targetTokenizer: newTokenizer,
    sourceWords: words,
    targetWords: words,
    random,
  });
  await measure("WECHSEL", undefined, near.matrix, file);
  return rows;
}

async function trained(texts, vocabularySize) {
  const bytes = { type: "ByteLevel", add_prefix_space: false };
  const words = await wordCounts(texts, { preTokenizer: bytes });
  const special = ["<|endoftext|>"];
  const model = await trainBpe(words, {
    vocabularySize,
    initialAlphabet: byteAlphabet(),
    specialTokens: special,
  });
  const addedTokens = special.map((content) => ({ content }));
  return tokenizerFile({ model, preTokenizer: bytes, decoder: bytes, addedTokens });
}

async function oldFile() {
  return JSON.parse(await readFile(new URL("tokenizer.json", modelDirectory("fables")), "utf8"));
}

/** Counts of the letter trigrams of a text, hashed: a stand-in for an embedder of sentences or a word model. */
function trigrams(text) {
  const vector = new Float32Array(VECTOR);
  const padded = ` ${text} `.toLowerCase();
  for (let i = 0; i + 3 <= padded.length; i++) {
    let hash = 7;
    for (let k = 0; k < 3; k++) hash = Math.imul(hash ^ padded.charCodeAt(i + k), 0x01000193);
    vector[(hash >>> 8) % VECTOR] += 1;
  }
  return vector;
}

/** Numbers in [0, 1) from a seed. */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

if (process.argv[1] === new URL(import.meta.url).pathname)
  for (const { name, tokens, bitsPerByte: bits } of await compare())
    process.stdout.write(
      `${name.padEnd(20)}${String(tokens).padStart(7)} tokens${bits.toFixed(3).padStart(9)} bits a byte\n`,
    );
