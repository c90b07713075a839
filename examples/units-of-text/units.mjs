/**
 * What a model's rows say about the units of a text: chunks where they change, words as one row, a new token's first row, the
 * spelling that fits its neighbours; and windows of equal information, which need a law over bytes alone.
 *
 * Use      node examples/units-of-text/units.mjs [TEXT]
 */
import { wasm } from "@frugal/kernels-wasm";
import { heldOutBooks, modelDirectory } from "@frugal/reference-models";
import { loadModel } from "@frugal/runtime";
import {
  dechunkEma,
  decodeInfoWindow,
  dynamicChunk,
  equalInfoWindows,
  initTokenFromText,
  mergeByUnit,
  selectSegmentationByContext,
  unmerge,
  wordSegments,
} from "@frugal/tokenizers/change";

const TEXT = "The old woman gave the prince a golden ring, and he rode away through the forest.";
const LAYER = 3;
/** The model was not trained for chunks: its neighbouring rows are more alike than H-Net's. */
const THRESHOLD = 0.18;
const WINDOW_BITS = 16;

export async function units(text = TEXT) {
  const model = await loadModel(modelDirectory("fables"), { backend: await wasm() });
  try {
    const { tokenizer } = model;
    const ids = tokenizer.encode(text);
    const hidden = await rowsBefore(model, ids, LAYER);
    const everyId = Uint32Array.from({ length: tokenizer.vocabularySize }, (_, id) => id);
    const table = matrixOf(await model.embed(everyId));
    const { boundary, probability, chunks } = dynamicChunk(hidden, { threshold: THRESHOLD });
    const words = wordSegments(ids, (id) => tokenizer.decode([id]).startsWith(" "));
    const merged = mergeByUnit(hidden, words);
    const law = bytePairLaw((await heldOutBooks())[0].paragraphs.join("\n"));
    const windows = equalInfoWindows(new TextEncoder().encode(text), law, WINDOW_BITS);
    const bytes = windows.flatMap((window) => decodeInfoWindow(window, law, WINDOW_BITS));
    return {
      tokens: ids.length,
      chunks: pieces(tokenizer, ids, (i) => boundary[i] === 1),
      rowsFromChunks: dechunkEma(chunks, boundary, probability).rows,
      words: pieces(tokenizer, ids, (i) => i === 0 || words[i] !== words[i - 1]),
      rowsFromWords: unmerge(merged.hidden, merged.map).rows,
      tool: nearest(initTokenFromText(" king and queen", tokenizer, table), table, tokenizer),
      spelling: spelling(tokenizer, table),
      windows: windows.length,
      decoded: new TextDecoder().decode(Uint8Array.from(bytes)),
    };
  } finally {
    model.dispose();
  }
}

const matrixOf = ({ dims, data }) => ({ rows: dims[0], columns: dims[1], data });

/** What a layer receives [n, D]. */
async function rowsBefore(model, tokens, toLayer) {
  const cache = model.newCache();
  const { hidden } = await model.step({ rows: [{ cache, tokens }], logits: "none", toLayer });
  cache.dispose();
  return matrixOf(hidden[0]);
}

function pieces(tokenizer, ids, begins) {
  const groups = [];
  ids.forEach((id, i) => {
    if (begins(i)) groups.push([]);
    groups.at(-1).push(id);
  });
  return groups.map((group) => tokenizer.decode(group));
}

const rowOf = ({ columns, data }, row) => data.subarray(row * columns, (row + 1) * columns);
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** The token whose row is most like another row. */
function nearest(row, table, tokenizer) {
  const similarity = (id) => dot(row, rowOf(table, id)) / Math.hypot(...rowOf(table, id));
  const ids = Array.from({ length: table.rows }, (_, id) => id);
  return tokenizer.decode([
    ids.reduce((best, id) => (similarity(id) > similarity(best) ? id : best)),
  ]);
}

/** Of two spellings of a word, the one whose rows are nearer to those of a context. */
function spelling(tokenizer, table) {
  const of = (ids) => ({
    rows: ids.length,
    columns: table.columns,
    data: Float32Array.from(ids.flatMap((id) => [...rowOf(table, id)])),
  });
  const spellings = [[..." king"], [" king"]].map((parts) =>
    parts.flatMap((part) => [...tokenizer.encode(part)]),
  );
  const context = initTokenFromText(" The queen and the prince", tokenizer, table);
  const best = selectSegmentationByContext(spellings.map(of), context);
  return spellings[best].map((id) => tokenizer.decode([id]));
}

/** P(byte | the byte before it in the window), counted once. */
function bytePairLaw(text) {
  const bytes = new TextEncoder().encode(text);
  const counts = Array.from({ length: 257 }, () => new Float64Array(256).fill(0.01));
  let before = 256;
  for (const byte of bytes) {
    counts[before][byte] += 1;
    counts[256][byte] += 1;
    before = byte;
  }
  const laws = counts.map((row) => {
    const total = row.reduce((a, b) => a + b, 0);
    return row.map((count) => count / total);
  });
  return (window) => laws[window.at(-1) ?? 256];
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const text = process.argv[2] ?? TEXT;
  const found = await units(text);
  const bytes = Buffer.byteLength(text);
  process.stdout.write(
    `${[
      `${found.tokens} tokens`,
      `chunks: ${found.chunks.join("|")}`,
      `words: ${found.words.join("|")}`,
      `a token for "king and queen" begins nearest to "${found.tool}"`,
      `beside the queen and the prince, " king" is spelled ${found.spelling.join("|")}`,
      `${bytes} bytes are ${found.windows} windows of ${WINDOW_BITS} bits`,
    ].join("\n")}\n`,
  );
}
