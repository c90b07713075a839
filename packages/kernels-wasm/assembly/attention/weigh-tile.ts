import { advance, resetCursors } from "./rows";
import { weighPageF32 } from "./weigh-page-f32";
import { weighPageInt8 } from "./weigh-page-int8";

/**
 * Weighted sums of values and their totals of a tile of rows, page by page, visible slots in order.
 *
 * Shapes   weights: [rows, group] rows, `weightBytes` apart; sums: as many rows, `sumBytes` apart, whose last 16 bytes
 *          hold the total
 * Units    pointers are byte offsets
 * Order    rows that see the same slots of a page share a pass over it; each sum takes its slots one by one all the same
 */
export function weighTile(
  table: usize,
  pages: i32,
  starts: usize,
  spans: usize,
  firstRow: i32,
  rows: i32,
  group: i32,
  width: i32,
  cursors: usize,
  weights: usize,
  weightBytes: usize,
  sums: usize,
  sumBytes: usize,
): void {
  const groupWeights = <usize>group * weightBytes;
  const groupSums = <usize>group * sumBytes;
  resetCursors(cursors, starts, firstRow, rows);
  for (let page = 0; page < pages; page++) {
    const handle = load<usize>(table + (<usize>page << 2));
    const column = page << 5;
    for (let row = 0; row < rows; ) {
      const last = load<i32>(starts + (<usize>(firstRow + row + 1) << 2));
      let span = advance(cursors + (<usize>row << 2), last, spans, column);
      if (span == last || load<i32>(spans + (<usize>span << 3)) >= column + 32) {
        row++;
        continue;
      }
      let together = 1;
      if (seesAll(spans, span, column)) {
        for (; row + together < rows; together++) {
          const end = load<i32>(starts + (<usize>(firstRow + row + together + 1) << 2));
          const other = advance(cursors + (<usize>(row + together) << 2), end, spans, column);
          if (other == end || !seesAll(spans, other, column)) break;
        }
      }
      const weight = weights + <usize>row * groupWeights + (<usize>column << 2);
      const sum = sums + <usize>row * groupSums;
      for (; span < last; span++) {
        const from = max(0, load<i32>(spans + (<usize>span << 3)) - column);
        if (from >= 32) break;
        const to = min(32, load<i32>(spans + (<usize>span << 3), 4) - column);
        const count = together * group;
        if (handle & 1) {
          weighPageInt8(weight, weightBytes, count, handle - 1, from, to, sum, sumBytes, width);
        } else {
          weighPageF32(weight, weightBytes, count, handle, from, to, sum, sumBytes, width);
        }
      }
      row += together;
    }
  }
}

/** True where a span covers the whole page that begins at `column`. */
// @ts-ignore: decorator
@inline
function seesAll(spans: usize, span: i32, column: i32): bool {
  const at = spans + (<usize>span << 3);
  return load<i32>(at) <= column && load<i32>(at, 4) >= column + 32;
}
