import { cursorBytes, HEAD_BYTES, packQueries, ZERO_BYTES } from "./rows";
import { scoreTile } from "./score-tile";
import { soften } from "./soften";

/**
 * What attention saw, recomputed: logits or probabilities of each row, or their sum or maximum over the rows.
 *
 * Shapes   as `attention`; want 0 probabilities, 1 logits: out [H, rows, T] f32; want 2 sum, 3 maximum of the
 *          probabilities over the rows: out [H, T]. T = `slots`; a head's fourth integer leads to [pages] i32, the first
 *          slot of each page
 * Units    pointers are byte offsets; the wrapper has filled `out` with what hidden slots give
 * Order    scores and exponentials bit for bit those of `attention`, its total too; rows ascending in the reductions
 * Errors   none in here: the wrapper checks shapes, pages and spans
 */
export function attentionTap(
  query: usize,
  out: usize,
  want: i32,
  rows: i32,
  headCount: i32,
  kvHeadCount: i32,
  width: i32,
  scale: f32,
  cap: f32,
  heads: usize,
  spans: usize,
  columns: i32,
  slots: i32,
  tileRows: i32,
  scratch: usize,
): void {
  const group = headCount / kvHeadCount;
  const rowBytes = <usize>(headCount * width) << 2;
  const columnBytes = <usize>columns << 2;
  const cursors = scratch + ZERO_BYTES;
  const scores = cursors + cursorBytes(tileRows);
  const weights = scores + <usize>(tileRows * group) * columnBytes;
  const queries = weights + <usize>(tileRows * group) * columnBytes;
  const groupBytes = <usize>(group * width) << 2;
  memory.fill(scratch, 0, ZERO_BYTES);
  for (let kvHead = 0; kvHead < kvHeadCount; kvHead++) {
    const head = heads + <usize>kvHead * HEAD_BYTES;
    const table = load<usize>(head);
    const pages = load<i32>(head, 4);
    const starts = load<usize>(head, 8);
    const pageSlots = load<usize>(head, 12);
    for (let first = 0; first < rows; first += tileRows) {
      const tile = min(tileRows, rows - first);
      const from = query + <usize>first * rowBytes + <usize>kvHead * groupBytes;
      packQueries(from, rowBytes, tile, groupBytes, queries);
      scoreTile(
        queries, table, pages, starts, spans, first, tile, group, width, scale, cap, scratch, cursors,
        scores, columnBytes,
      );
      for (let i = 0; i < tile * group; i++) {
        const row = first + i / group;
        const queryHead = kvHead * group + (i % group);
        const line = want < 2 ? queryHead * rows + row : queryHead;
        const to = out + (<usize>line * <usize>slots << 2);
        const firstSpan = load<i32>(starts + (<usize>row << 2));
        const lastSpan = load<i32>(starts + (<usize>row << 2), 4);
        const at = <usize>i * columnBytes;
        if (want == 1) {
          writeLogits(scores + at, spans, firstSpan, lastSpan, pageSlots, to);
        } else if (soften(scores + at, weights + at, spans, firstSpan, lastSpan) != -Infinity) {
          writeWeights(weights + at, spans, firstSpan, lastSpan, pageSlots, to, want);
        }
      }
    }
  }
}

/** Byte offset of a column's slot within a line. */
// @ts-ignore: decorator
@inline
function slotOffset(pageSlots: usize, column: i32): usize {
  return <usize>(load<i32>(pageSlots + (<usize>(column >> 5) << 2)) + (column & 31)) << 2;
}

function writeLogits(
  scores: usize,
  spans: usize,
  first: i32,
  last: i32,
  pageSlots: usize,
  out: usize,
): void {
  for (let span = first; span < last; span++) {
    const end = load<i32>(spans + (<usize>span << 3), 4);
    for (let column = load<i32>(spans + (<usize>span << 3)); column < end; column++) {
      store<f32>(out + slotOffset(pageSlots, column), load<f32>(scores + (<usize>column << 2)));
    }
  }
}

function writeWeights(
  weights: usize,
  spans: usize,
  first: i32,
  last: i32,
  pageSlots: usize,
  out: usize,
  want: i32,
): void {
  let total: f32 = 0;
  for (let span = first; span < last; span++) {
    const end = load<i32>(spans + (<usize>span << 3), 4);
    for (let column = load<i32>(spans + (<usize>span << 3)); column < end; column++) {
      total += load<f32>(weights + (<usize>column << 2));
    }
  }
  const inverse: f32 = 1 / total;
  for (let span = first; span < last; span++) {
    const end = load<i32>(spans + (<usize>span << 3), 4);
    for (let column = load<i32>(spans + (<usize>span << 3)); column < end; column++) {
      const weight = load<f32>(weights + (<usize>column << 2)) * inverse;
      const to = out + slotOffset(pageSlots, column);
      if (want == 0) store<f32>(to, weight);
      else if (want == 2) store<f32>(to, load<f32>(to) + weight);
      else store<f32>(to, max(load<f32>(to), weight));
    }
  }
}
