import { advance, resetCursors } from "./rows";
import { weighPageF32 } from "./weigh-page-f32";
import { weighPageInt8 } from "./weigh-page-int8";

/**
 * Weighted sums of values and their totals of a tile of rows, page by page, visible slots in order.
 *
 * Shapes   weights: [tile, group] rows, `weightBytes` apart; sums: as many rows, `sumBytes` apart, whose last 16 bytes
 *          hold total and maximum; queries whose maximum is -Infinity are passed over
 * Units    pointers are byte offsets
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
  resetCursors(cursors, starts, firstRow, rows);
  for (let page = 0; page < pages; page++) {
    const handle = load<usize>(table + (<usize>page << 2));
    const column = page << 5;
    for (let row = 0; row < rows; row++) {
      const last = load<i32>(starts + (<usize>(firstRow + row + 1) << 2));
      let span = advance(cursors + (<usize>row << 2), last, spans, column);
      for (; span < last; span++) {
        const from = max(0, load<i32>(spans + (<usize>span << 3)) - column);
        if (from >= 32) break;
        const to = min(32, load<i32>(spans + (<usize>span << 3), 4) - column);
        let weight = weights + <usize>(row * group) * weightBytes + (<usize>column << 2);
        let sum = sums + <usize>(row * group) * sumBytes;
        for (let head = 0; head < group; head++) {
          const total = sum + sumBytes - 16;
          if (load<f32>(total, 4) != -Infinity) {
            if (handle & 1) weighPageInt8(weight, handle - 1, from, to, sum, total, width);
            else weighPageF32(weight, handle, from, to, sum, total, width);
          }
          weight += weightBytes;
          sum += sumBytes;
        }
      }
    }
  }
}
