/** A model with other embedding rows and another tokenizer, and how well it then predicts a text. */
import { readFile } from "node:fs/promises";
import { wasm } from "@frugal/kernels-wasm";
import { modelDirectory } from "@frugal/reference-models";
import { loadModel, readSafetensors } from "@frugal/runtime";

const NAME = "model.embed_tokens.weight";
const directory = modelDirectory("fables");
const read = (name) => readFile(new URL(name, directory));

/** The rows of the model `fables`, f32. */
export async function embeddingRows() {
  const { dims, data, type } = readSafetensors(await read("model.safetensors")).tensors.get(NAME);
  const [rows, columns] = dims;
  return { rows, columns, data: type === "float32" ? data : Float32Array.from(data, halfToFloat) };
}

/** `fables` with these rows [V, D] and this tokenizer.json. */
export async function modelWith(rows, tokenizerFile) {
  const config = JSON.parse(await readFile(new URL("config.json", directory), "utf8"));
  const files = new Map([
    ["config.json", encoded({ ...config, vocab_size: rows.rows })],
    ["model.safetensors", withRows(await read("model.safetensors"), rows)],
    ["tokenizer.json", encoded(tokenizerFile)],
    ["tokenizer_config.json", await read("tokenizer_config.json")],
  ]);
  return loadModel(files, { backend: await wasm() });
}

/** Bits that the model needs for a byte of the texts. */
export async function bitsPerByte(model, texts) {
  let bits = 0;
  let bytes = 0;
  for (const text of texts) {
    const begin = model.tokenizer.specialIds.bos ?? model.tokenizer.specialIds.eos;
    const tokens = Uint32Array.of(begin, ...model.tokenizer.encode(text));
    const cache = model.newCache();
    const { logits } = await model.step({ rows: [{ cache, tokens }], logits: "all" });
    cache.dispose();
    const { data, dims } = logits[0];
    for (let i = 1; i < tokens.length; i++) {
      const row = data.subarray((i - 1) * dims[1], i * dims[1]);
      const most = row.reduce((a, b) => Math.max(a, b));
      const total = row.reduce((sum, logit) => sum + Math.exp(logit - most), 0);
      bits += (most + Math.log(total) - row[tokens[i]]) / Math.LN2;
    }
    bytes += Buffer.byteLength(text);
  }
  return bits / bytes;
}

const encoded = (value) => new TextEncoder().encode(JSON.stringify(value));

/** The file with one tensor replaced by an f32 one at its end. */
function withRows(file, { rows, columns, data }) {
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString("utf8", 8, 8 + length));
  const body = file.subarray(8 + length);
  const [from, to] = header[NAME].data_offsets;
  const gap = to - from;
  for (const [name, tensor] of Object.entries(header))
    if (name !== "__metadata__" && tensor.data_offsets[0] >= to)
      tensor.data_offsets = tensor.data_offsets.map((offset) => offset - gap);
  const end = body.length - gap;
  const size = rows * columns * 4;
  header[NAME] = { dtype: "F32", shape: [rows, columns], data_offsets: [end, end + size] };
  const text = Buffer.from(JSON.stringify(header).padEnd(length + 64));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  const numbers = new Uint8Array(data.buffer, data.byteOffset, size);
  return new Uint8Array(
    Buffer.concat([start, text, body.subarray(0, from), body.subarray(to), numbers]),
  );
}

function halfToFloat(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
