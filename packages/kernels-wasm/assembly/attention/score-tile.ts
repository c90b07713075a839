import { advance, resetCursors } from "./rows";
import { scorePageF32 } from "./score-page-f32";
import { scorePageInt8 } from "./score-page-int8";

/**
 * Logits of a tile of rows, page by page; pages that no row of the tile sees are passed over.
 *
 * Shapes   queries [rows, group, D] f32, zeros [32] f32  ->  scores: [rows, group] rows, `scoreBytes` apart, of 32 columns a page
 * Units    pointers are byte offsets
 */
export function scoreTile(
  queries: usize,
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
  zeros: usize,
  cursors: usize,
  scores: usize,
  scoreBytes: usize,
): void {
  const count = rows * group;
  resetCursors(cursors, starts, firstRow, rows);
  for (let page = 0; page < pages; page++) {
    const column = page << 5;
    let isSeen = false;
    for (let row = 0; row < rows; row++) {
      const last = load<i32>(starts + (<usize>(firstRow + row + 1) << 2));
      const span = advance(cursors + (<usize>row << 2), last, spans, column);
      if (span < last && load<i32>(spans + (<usize>span << 3)) < column + 32) {
        isSeen = true;
        break;
      }
    }
    if (!isSeen) continue;
    const handle = load<usize>(table + (<usize>page << 2));
    const to = scores + (<usize>column << 2);
    if (handle & 1) {
      scorePageInt8(queries, count, handle - 1, to, scoreBytes, width, scale, cap, zeros);
    } else {
      scorePageF32(queries, count, handle, to, scoreBytes, width, scale, cap, zeros);
    }
  }
}
