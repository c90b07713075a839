/**
 * o200k on three kinds of text, ours against the rivals that are installed, interleaved in this process.
 *
 * New: a part of the text that the encoder has not seen, its code warm, its caches as the parts before have left them.
 * Again: the same part once more.
 * Times are CPU time of the process, its helper threads included: what others do on the machine does not count.
 * Prints a table; the last line is the result as JSON.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { loadTokenizer } from "@frugal/tokenizers";
import { type Encode, type Rival, ranksOf, rivals } from "./rivals.js";
import { type Corpus, corpora } from "./texts.js";
import { o200kFile } from "./vocabulary.js";

const rounds = Number(process.argv[2] ?? 7);
/** Units of the part that one round encodes, and of the text that warms the code. */
const PART = 1 << 18;
const WARM_UPS = 10;
const SETTLING_MS = 200;

interface Row {
  readonly name: string;
  readonly newMBps: number;
  readonly againMBps: number;
  readonly ids: "same" | "other";
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const ranks = await ranksOf("o200k_base");
if (ranks === null) {
  const reason = "js-tiktoken, which brings the vocabulary, is not installed";
  process.stdout.write(
    `${reason}: put it and the rivals into a folder and name that in FRUGAL_RIVALS\n`,
  );
  process.stdout.write(`${JSON.stringify({ node: process.version, reason })}\n`);
  process.exit(0);
}
const file = o200kFile(ranks);
const text = JSON.stringify(file);
const loading = await loadTimes();
const { found, missing } = await rivals(file);
const contenders: readonly Rival[] = [await ours("auto"), await ours("js"), ...found];
const results = [];
for (const corpus of corpora()) results.push(await measure(corpus));
process.stdout.write(
  `loading tokenizer.json: ${loading.map((ms) => ms.toFixed(0)).join(", ")} ms\n`,
);
for (const name of missing) process.stdout.write(`${name}: not installed\n`);
const versions = Object.fromEntries(found.map(({ name, version }) => [name, version]));
process.stdout.write(
  `${JSON.stringify({ node: process.version, rounds, partUnits: PART, loadingMs: loading, versions, notInstalled: missing, results })}\n`,
);
process.exit(0);

async function ours(engine: "auto" | "js"): Promise<Rival> {
  const tokenizer = await loadTokenizer(file, { engine });
  const wanted = engine === "auto" ? "wasm" : "js";
  const { name, reason } = tokenizer.path;
  if (name !== wanted) throw new TypeError(`the path is ${name}: ${reason}`);
  return {
    name: `ours, ${wanted}`,
    version: "",
    encode: (part) => tokenizer.encode(part, { addSpecialTokens: false }),
  };
}

async function loadTimes(): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    await loadTokenizer(text);
    times.push(performance.now() - started);
  }
  return times;
}

async function measure({ name, text: whole, reason }: Corpus) {
  if (whole === "") {
    process.stdout.write(`${name}: not measured, ${reason}\n`);
    return { name, reason };
  }
  // The code is warmed on the end of the text, the rounds take parts from its beginning.
  const part = Math.min(PART, Math.floor(whole.length / (rounds + 2)));
  const warmUp = whole.slice(whole.length - 2 * part);
  const fresh = contenders.map((): number[] => []);
  const again = contenders.map((): number[] => []);
  const same = contenders.map(() => true);
  for (const { encode } of contenders) for (let i = 0; i < WARM_UPS; i++) encode(warmUp);
  for (let round = 0; round < rounds; round++) {
    // A string of its own, flat, as a file read would be.
    const bytes = Buffer.from(whole.slice(round * part, (round + 1) * part));
    let expected: ArrayLike<number> | undefined;
    // Who comes first after the pause changes from round to round.
    for (let turn = 0; turn < contenders.length; turn++) {
      const i = (round + turn) % contenders.length;
      const { encode } = contenders[i]!;
      // The one before has left the processor's caches to this one: its code is warmed anew.
      encode(warmUp);
      const sample = bytes.toString();
      const [first, ids] = timed(encode, sample);
      const [second] = timed(encode, sample);
      fresh[i]!.push(bytes.length / 1000 / first);
      again[i]!.push(bytes.length / 1000 / second);
      expected ??= ids;
      if (!equal(ids, expected)) same[i] = false;
    }
    // What all of them have left behind; the sweeping goes on in helper threads, whose time would count.
    collect();
    await sleep(SETTLING_MS);
  }
  const rows: Row[] = contenders.map(({ name: contender }, i) => ({
    name: contender,
    newMBps: median(fresh[i]!),
    againMBps: median(again[i]!),
    ids: same[i] ? "same" : "other",
  }));
  process.stdout.write(`${name}, ${rounds} parts of ${part} characters\n`);
  for (const row of rows)
    process.stdout.write(
      `  ${row.name.padEnd(24)} new ${row.newMBps.toFixed(1).padStart(7)} MB/s (ours ${(rows[0]!.newMBps / row.newMBps).toFixed(1)}x)  again ${row.againMBps.toFixed(1).padStart(7)} MB/s (${(rows[0]!.againMBps / row.againMBps).toFixed(1)}x)  ids ${row.ids}\n`,
    );
  return { name, partUnits: part, rows };
}

function timed(encode: Encode, sample: string): [number, ArrayLike<number>] {
  const started = process.cpuUsage();
  const ids = encode(sample);
  const { user, system } = process.cpuUsage(started);
  return [(user + system) / 1000, ids];
}

function equal(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
