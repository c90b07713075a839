/**
 * Runs the kernels with rows together and apart and prints a hash of their bits, so that compilers can be compared.
 *
 * Use      node [flags of the compiler] tiers.mjs FILE.wasm
 * Errors   exit status 1, with a sentence, where a row's bits depend on the rows beside it
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const memory = new WebAssembly.Memory({ initial: 64 });
const module = await WebAssembly.compile(readFileSync(process.argv[2]));
const { exports: kernels } = await WebAssembly.instantiate(module, { env: { memory } });
const floats = new Float32Array(memory.buffer);
const ints = new Int32Array(memory.buffer);
const hash = createHash("sha256");
let next = 1024;
let state = 12345;

function take(count) {
  const at = next;
  next += Math.ceil(count / 4) * 16;
  return at;
}

/** Numbers of many sizes, so that every rounding shows. */
function fill(count) {
  const at = take(count);
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    floats[at / 4 + i] = (state / 2 ** 31 - 1) * 2 ** ((state >>> 3) % 6);
  }
  return at;
}

const bits = (at, count) => Buffer.from(memory.buffer.slice(at, at + count * 4));

function same(what, apart, together) {
  if (apart.equals(together)) return;
  process.stderr.write(`${what}: a row's bits depend on the rows beside it\n`);
  process.exit(1);
}

for (const [outputs, width] of [
  [43, 37],
  [64, 96],
  [129, 257],
]) {
  const rows = 11;
  const matrix = fill(outputs * width);
  const bias = fill(Math.ceil(outputs / 8) * 8);
  const input = fill(rows * width);
  const packed = take((Math.ceil(outputs / 8) + 1) * 8 * (width + 32));
  const out = take(rows * outputs);
  const scratch = take(rows * Math.ceil(width / 32) * 17);
  for (const format of ["F32", "Int8"]) {
    kernels[`pack${format}`](matrix, packed, outputs, width);
    const run = (first, count) =>
      kernels[`linear${format}`](
        packed,
        bias,
        input + first * width * 4,
        out + first * outputs * 4,
        count,
        width,
        outputs,
        scratch,
      );
    run(0, rows);
    const together = bits(out, rows * outputs);
    hash.update(together);
    for (const size of [1, 2, 3, 4, 5, 7]) {
      for (let first = 0; first < rows; first += size) run(first, Math.min(size, rows - first));
      same(`linear${format} by ${size}`, bits(out, rows * outputs), together);
    }
  }
}

for (const [heads, kvHeads, width] of [
  [6, 2, 32],
  [3, 3, 20],
  [5, 1, 7],
]) {
  const rows = 9;
  const slots = 75;
  const keys = fill(slots * kvHeads * width);
  const values = fill(slots * kvHeads * width);
  const query = fill(rows * heads * width);
  const out = take(rows * heads * width);
  const pages = Math.ceil(slots / 32);
  const entries = take(kvHeads * 4);
  const table = take(kvHeads * pages);
  const starts = take(rows + 1);
  const spans = take(rows * 4);
  const scratch = take(16384);
  for (const tag of [0, 1]) {
    for (let g = 0; g < kvHeads; g++) {
      for (let page = 0; page < pages; page++) {
        const at = take(96 + 64 * (width + 3));
        const from = (page * 32 * kvHeads + g) * width * 4;
        const count = Math.min(32, slots - page * 32);
        const write = tag === 0 ? kernels.writeRowsF32 : kernels.writeRowsInt8;
        write(at, 0, count, keys + from, values + from, kvHeads * width * 4, width);
        ints[table / 4 + g * pages + page] = at + tag;
      }
      ints.set([table + g * pages * 4, pages, starts], entries / 4 + g * 4);
    }
    // Each row sees a beginning and a piece of its own behind a gap.
    const see = (first, count) => {
      for (let row = 0; row < count; row++) {
        const r = first + row;
        ints[starts / 4 + row] = row * 2;
        ints.set([0, 40 + r, 60 + r, 66 + r], spans / 4 + row * 4);
      }
      ints[starts / 4 + count] = count * 2;
    };
    const run = (first, count, tile) => {
      see(first, count);
      const skipped = first * heads * width * 4;
      kernels.attention(
        query + skipped,
        out + skipped,
        0,
        count,
        heads,
        kvHeads,
        width,
        1 / Math.sqrt(width),
        0,
        entries,
        spans,
        pages * 32,
        tile,
        scratch,
      );
    };
    run(0, rows, 4);
    const together = bits(out, rows * heads * width);
    hash.update(together);
    for (const size of [1, 2, 3, 8]) {
      for (const tile of [1, 2, 3]) {
        for (let first = 0; first < rows; first += size) {
          run(first, Math.min(size, rows - first), tile);
        }
        same(`attention by ${size}`, bits(out, rows * heads * width), together);
      }
    }
  }
}
process.stdout.write(hash.digest("hex"));
