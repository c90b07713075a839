import { paddedWidth } from "../pages/layout";
import { storeLanes } from "../shared/lanes";
import { log } from "../shared/log";
import { cursorBytes, HEAD_BYTES, packQueries, ZERO_BYTES } from "./rows";
import { scoreTile } from "./score-tile";
import { soften } from "./soften";
import { weighTile } from "./weigh-tile";

/**
 * Attention of rows over pages: softmax(scale query key + log weight) value, over the slots that each row sees.
 *
 * Shapes   query [rows, H * D] f32; heads, spans as in `rows.ts`  ->  out [rows, H * D] f32, logSumExp [H, rows] f32 or 0
 * Units    pointers are byte offsets; columns = 32 times the pages of the longest head
 * Cost     O(rows H T D) over visible pages; scratch of one tile of `tileRows` rows: a query takes
 *          8 columns + 4 D + 4 Dp + 16 bytes, a row its cursor; 128 more
 * Order    exact maximum, exponentials, then weights and weighted values one visible slot at a time in slot order:
 *          a row's bits do not depend on the other rows, nor on where its slots lie
 * Errors   none in here: the wrapper checks shapes, pages and spans
 */
export function attention(
  query: usize,
  out: usize,
  logSumExp: usize,
  rows: i32,
  headCount: i32,
  kvHeadCount: i32,
  width: i32,
  scale: f32,
  cap: f32,
  heads: usize,
  spans: usize,
  columns: i32,
  tileRows: i32,
  scratch: usize,
): void {
  const group = headCount / kvHeadCount;
  const tileQueries = <usize>(tileRows * group);
  const rowBytes = <usize>(headCount * width) << 2;
  const columnBytes = <usize>columns << 2;
  const sumBytes = (paddedWidth(width) << 2) + 16;
  const cursors = scratch + ZERO_BYTES;
  const scores = cursors + cursorBytes(tileRows);
  const weights = scores + tileQueries * columnBytes;
  const sums = weights + tileQueries * columnBytes;
  const queries = sums + tileQueries * sumBytes;
  memory.fill(scratch, 0, ZERO_BYTES);
  for (let kvHead = 0; kvHead < kvHeadCount; kvHead++) {
    const head = heads + <usize>kvHead * HEAD_BYTES;
    const table = load<usize>(head);
    const pages = load<i32>(head, 4);
    const starts = load<usize>(head, 8);
    const groupBytes = <usize>(group * width) << 2;
    for (let first = 0; first < rows; first += tileRows) {
      const tile = min(tileRows, rows - first);
      const offset = <usize>first * rowBytes + <usize>kvHead * groupBytes;
      packQueries(query + offset, rowBytes, tile, groupBytes, queries);
      scoreTile(
        queries, table, pages, starts, spans, first, tile, group, width, scale, cap, scratch, cursors,
        scores, columnBytes,
      );
      memory.fill(sums, 0, <usize>(tile * group) * sumBytes);
      for (let i = 0; i < tile * group; i++) {
        const start = starts + (<usize>(first + i / group) << 2);
        const at = <usize>i * columnBytes;
        const top = soften(scores + at, weights + at, spans, load<i32>(start), load<i32>(start, 4));
        store<f32>(sums + <usize>(i + 1) * sumBytes - 12, top);
      }
      weighTile(
        table, pages, starts, spans, first, tile, group, width, cursors, weights, columnBytes, sums,
        sumBytes,
      );
      for (let i = 0; i < tile * group; i++) {
        const row = i / group;
        const to = out + offset + <usize>row * rowBytes + (<usize>((i - row * group) * width) << 2);
        finish(sums + <usize>i * sumBytes, sumBytes - 16, to, width);
        if (logSumExp == 0) continue;
        const total = sums + <usize>(i + 1) * sumBytes - 16;
        const place = (kvHead * group + i - row * group) * rows + first + row;
        store<f32>(logSumExp + (<usize>place << 2), logSumOf(load<f32>(total), load<f32>(total, 4)));
      }
    }
  }
}

/** Sums over their total; zeros where nothing was seen. */
function finish(sums: usize, totalAt: usize, out: usize, width: i32): void {
  if (load<f32>(sums + totalAt, 4) == -Infinity) {
    memory.fill(out, 0, <usize>width << 2);
    return;
  }
  const inverse = f32x4.splat(1 / load<f32>(sums + totalAt));
  const whole = <usize>(width & ~3) << 2;
  for (let at: usize = 0; at < whole; at += 16) {
    v128.store(out + at, f32x4.mul(v128.load(sums + at), inverse));
  }
  const rest = width & 3;
  if (rest > 0) storeLanes(out + whole, f32x4.mul(v128.load(sums + whole), inverse), rest);
}

function logSumOf(total: f32, largest: f32): f32 {
  if (largest == -Infinity) return largest;
  if (!(<f64>total < Infinity) || !(<f64>abs(largest) < Infinity)) return NaN;
  return <f32>(<f64>largest + log(<f64>total));
}
