/**
 * What attention is told about a kv head and a row, and the scratch that a tile of rows works in.
 *
 *   heads    16 bytes a kv head: page table, pages, row starts, segments (byte offsets, but for the count)
 *   table    i32 a page: its byte offset, bit 0 set for int8; a page takes 32 columns of the scores
 *   starts   [rows + 1] i32: row r sees spans starts[r] .. starts[r + 1]
 *   spans    pairs of i32, columns [begin, end), ascending, not empty
 *   scratch  a tile of `tileRows` rows by the heads of a group: 32 zeros, cursors, then per query its scores, weights, sums,
 *            the query itself
 */
export const HEAD_BYTES: usize = 16;
export const ZERO_BYTES: usize = 128;

/** Bytes of cursors at the head of the scratch. */
// @ts-ignore: decorator
@inline
export function cursorBytes(tileRows: i32): usize {
  return (<usize>(tileRows << 2) + 15) & ~15;
}

/** The first span of a row that ends behind `column`, from its cursor on; the cursor moves there. */
// @ts-ignore: decorator
@inline
export function advance(cursor: usize, last: i32, spans: usize, column: i32): i32 {
  let span = load<i32>(cursor);
  while (span < last && load<i32>(spans + (<usize>span << 3), 4) <= column) span++;
  store<i32>(cursor, span);
  return span;
}

/** Cursors of rows first .. first + count to their first spans. */
// @ts-ignore: decorator
@inline
export function resetCursors(cursors: usize, starts: usize, first: i32, count: i32): void {
  memory.copy(cursors, starts + (<usize>first << 2), <usize>count << 2);
}

/** Brings the queries of a tile side by side: [rows, group, D]. */
export function packQueries(
  query: usize,
  rowBytes: usize,
  rows: i32,
  groupBytes: usize,
  packed: usize,
): void {
  for (let row = 0; row < rows; row++) {
    memory.copy(packed, query, groupBytes);
    query += rowBytes;
    packed += groupBytes;
  }
}
