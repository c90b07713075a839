/**
 * `fables` and two f32 products, ours against onnxruntime-web on wasm with one thread, interleaved in this process.
 *
 * Prints a table; the last line is the result as JSON.
 */
import { readFile } from "node:fs/promises";
import { wasm } from "@frugal/kernels-wasm";
import { heldOutBooks, modelDirectory } from "@frugal/reference-models";
import { type LanguageModel, loadModel } from "@frugal/runtime";
import { createRandom } from "@frugal/tensor";
import * as ort from "onnxruntime-web";
import { interleaved, repeated, type Timing } from "../measure.js";
import { productModel } from "./onnx-product.js";

const rounds = Number(process.argv[2] ?? 7);
const PROMPT_TOKENS = 512;
const NEW_TOKENS = 128;
const LAYERS = 6;

ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

const backend = await wasm();
const model = await loadModel(modelDirectory("fables"), { backend });
const onnx = await readFile(new URL("../../models/fables/onnx/model.onnx", import.meta.url));
const session = await ort.InferenceSession.create(onnx, { executionProviders: ["wasm"] });
const ids = await promptIds(model);
const table: { what: string; ours: Timing; theirs: Timing; ratio: number; quality: string }[] = [];

for (const [rows, inner, outer] of [
  [197, 384, 1536],
  [128, 576, 1536],
] as const)
  await product(rows, inner, outer);
await prefill();
await decode();
const cost = await verifyCost();

for (const { what, ours, theirs, ratio, quality } of table) {
  process.stdout.write(
    `${what.padEnd(46)} ours ${ours.medianMs.toFixed(2).padStart(8)} ms (p95 ${ours.p95Ms.toFixed(2)})  onnxruntime-web ${theirs.medianMs.toFixed(2).padStart(8)} ms  ratio ${ratio.toFixed(2)}  ${quality}\n`,
  );
}
process.stdout.write(`v(n): ${cost.map(({ rows, v }) => `${rows}: ${v.toFixed(2)}`).join("  ")}\n`);
process.stdout.write(
  `${JSON.stringify({ node: process.version, path: backend.report().path, ort: ort.env.versions.web, rounds, table, cost })}\n`,
);
process.exit(0);

async function promptIds(of: LanguageModel): Promise<Uint32Array> {
  const books = await heldOutBooks();
  const text = books
    .slice(0, 4)
    .map((book) => book.text)
    .join("\n");
  const all = of.tokenizer.encode(text, { addSpecialTokens: false }).slice(0, PROMPT_TOKENS - 1);
  if (all.length < PROMPT_TOKENS - 1) throw new TypeError("the held-out text is too short");
  return Uint32Array.of(0, ...all);
}

async function product(rows: number, inner: number, outer: number): Promise<void> {
  const random = createRandom(rows);
  const fill = (count: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length: count }, () => random.next() - 0.5);
  const x = fill(rows * inner);
  const w = fill(inner * outer);
  const turned = Float32Array.from(
    { length: w.length },
    (_, i) => w[(i % inner) * outer + Math.floor(i / inner)] as number,
  );
  const theirs = await ort.InferenceSession.create(productModel(rows, inner, outer, w));
  const feed = { x: new ort.Tensor("float32", x, [rows, inner]) };
  const input = backend.upload({ type: "float32", location: "cpu", dims: [rows, inner], data: x });
  const weight = backend.weight({
    type: "float32",
    location: "cpu",
    dims: [outer, inner],
    data: turned,
  });
  const out = backend.empty([rows, outer]);
  backend.linear(input, weight, out, rows);
  const ours = (await backend.read(out)) as Float32Array;
  const expected = (await theirs.run(feed)).y?.data as Float32Array;
  const [a, b] = await interleaved(
    [
      repeated("ours", 5, () => backend.linear(input, weight, out, rows)),
      repeated("onnxruntime-web", 5, () => theirs.run(feed)),
    ],
    rounds,
  );
  add(
    `f32 product ${rows} x ${inner} x ${outer} (5 calls)`,
    a,
    b,
    `largest difference ${largest(ours, expected)}`,
  );
}

async function prefill(): Promise<void> {
  const expected = (await session.run(feeds(ids, 0, {}))).logits?.data as Float32Array;
  for (const which of ["all", "last"] as const) {
    let got: Float32Array = new Float32Array(0);
    const [a, b] = await interleaved(
      [
        {
          name: "ours",
          async run() {
            const cache = model.newCache();
            const { logits } = await model.step({ rows: [{ cache, tokens: ids }], logits: which });
            got = logits[0]?.data as Float32Array;
            cache.dispose();
          },
        },
        { name: "onnxruntime-web", run: () => session.run(feeds(ids, 0, {})) },
      ],
      rounds,
    );
    const same = expected.subarray(expected.length - got.length);
    add(
      `prefill of ${PROMPT_TOKENS}, logits of ${which} rows`,
      a,
      b,
      `largest difference ${largest(got, same)}`,
    );
  }
}

async function decode(): Promise<void> {
  let ours: number[] = [];
  let theirs: number[] = [];
  const cache = model.newCache();
  const { logits } = await model.step({ rows: [{ cache, tokens: ids }], logits: "last" });
  const first = best(logits[0]?.data as Float32Array);
  const past = await session.run(feeds(ids, 0, {}));
  const [a, b] = await interleaved(
    [
      {
        name: "ours",
        async run() {
          const fork = cache.fork();
          ours = [first];
          while (ours.length <= NEW_TOKENS) {
            const tokens = Uint32Array.of(ours.at(-1) as number);
            const step = await model.step({ rows: [{ cache: fork, tokens }], logits: "last" });
            ours.push(best(step.logits[0]?.data as Float32Array));
          }
          fork.dispose();
        },
      },
      {
        name: "onnxruntime-web",
        async run() {
          theirs = [first];
          let state = past;
          while (theirs.length <= NEW_TOKENS) {
            const at = PROMPT_TOKENS + theirs.length - 1;
            state = await session.run(feeds(Uint32Array.of(theirs.at(-1) as number), at, state));
            theirs.push(best(state.logits?.data as Float32Array));
          }
        },
      },
    ],
    rounds,
    1,
  );
  cache.dispose();
  const same = ours.findIndex((id, i) => id !== theirs[i]);
  add(
    `decode of ${NEW_TOKENS} after it`,
    a,
    b,
    same < 0 ? "same tokens" : `tokens part at ${same}`,
  );
}

/** v(n): a verification of n rows over a decode of one, at 512 tokens. */
async function verifyCost(): Promise<{ rows: number; medianMs: number; v: number }[]> {
  const cache = model.newCache();
  await model.step({ rows: [{ cache, tokens: ids }], logits: "none" });
  const sizes = [1, 2, 4, 8, 16];
  const timings = await interleaved(
    sizes.map((rows) =>
      repeated(String(rows), 10, async () => {
        const fork = cache.fork();
        await model.step({ rows: [{ cache: fork, tokens: ids.slice(0, rows) }], logits: "all" });
        fork.dispose();
      }),
    ),
    rounds,
  );
  cache.dispose();
  const one = timings[0]?.medianMs as number;
  return timings.map(({ medianMs }, i) => ({
    rows: sizes[i] as number,
    medianMs: medianMs / 10,
    v: medianMs / one,
  }));
}

function feeds(
  tokens: Uint32Array,
  past: number,
  state: Record<string, ort.Tensor>,
): Record<string, ort.Tensor> {
  const count = tokens.length;
  const int64 = (values: readonly number[]) =>
    new ort.Tensor("int64", BigInt64Array.from(values, BigInt), [1, values.length]);
  const result: Record<string, ort.Tensor> = {
    input_ids: int64([...tokens]),
    attention_mask: int64(new Array<number>(past + count).fill(1)),
    position_ids: int64(Array.from({ length: count }, (_, i) => past + i)),
  };
  for (let layer = 0; layer < LAYERS; layer++) {
    for (const part of ["key", "value"]) {
      const empty = () => new ort.Tensor("float32", new Float32Array(0), [1, 2, 0, 32]);
      result[`past_key_values.${layer}.${part}`] = state[`present.${layer}.${part}`] ?? empty();
    }
  }
  return result;
}

function add(
  what: string,
  ours: Timing | undefined,
  theirs: Timing | undefined,
  quality: string,
): void {
  if (!ours || !theirs) return;
  table.push({ what, ours, theirs, ratio: theirs.medianMs / ours.medianMs, quality });
}

function best(logits: Float32Array): number {
  let at = 0;
  for (let i = 1; i < logits.length; i++)
    if ((logits[i] as number) > (logits[at] as number)) at = i;
  return at;
}

function largest(a: Float32Array, b: Float32Array): string {
  let most = 0;
  for (let i = 0; i < a.length; i++)
    most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)));
  return most.toExponential(1);
}
