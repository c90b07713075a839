import { advance, resetCursors } from "./rows";
import { scorePageF32 } from "./score-page-f32";
import { scorePageInt8 } from "./score-page-int8";

/**
 * Logits of a tile of rows, page by page; pages that a row does not see are passed over.
 *
 * Shapes   query: rows of H * D f32 from the tile's first row and the group's first head on
 *          ->  scores: [tile, group] rows, `scoreBytes` apart, of 32 columns a page
 * Units    pointers are byte offsets
 */
export function scoreTile(
  query: usize,
  queryBytes: usize,
  table: usize,
  pages: i32,
  starts: usize,
  spans: usize,
  firstRow: i32,
  rows: i32,
  group: i32,
  width: i32,
  scale: f32,
  cap: f32,
  cursors: usize,
  scores: usize,
  scoreBytes: usize,
): void {
  const headBytes = <usize>width << 2;
  resetCursors(cursors, starts, firstRow, rows);
  for (let page = 0; page < pages; page++) {
    const handle = load<usize>(table + (<usize>page << 2));
    const column = page << 5;
    for (let row = 0; row < rows; row++) {
      const last = load<i32>(starts + (<usize>(firstRow + row + 1) << 2));
      const span = advance(cursors + (<usize>row << 2), last, spans, column);
      if (span == last || load<i32>(spans + (<usize>span << 3)) >= column + 32) continue;
      let q = query + <usize>row * queryBytes;
      let to = scores + <usize>(row * group) * scoreBytes + (<usize>column << 2);
      for (let head = 0; head < group; head++) {
        if (handle & 1) scorePageInt8(q, handle - 1, to, width, scale, cap);
        else scorePageF32(q, handle, to, width, scale, cap);
        q += headBytes;
        to += scoreBytes;
      }
    }
  }
}
