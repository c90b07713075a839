/**
 * The k best of every row, best first; ties go to the lower index, NaN ranks below everything.
 *
 * Shapes   input [R, C] f32, 0 < k <= C  ->  indices [R, k] i32, values [R, k] f32; heap [k] i64 scratch
 * Units    pointers are byte offsets, 4-byte aligned, the heap 8-byte
 * Cost     O(C + C log k) a row at worst: a heap of the k best so far, its worst on top
 * Errors   none in here: the wrapper checks shapes
 */
export function topk(
  input: usize,
  k: i32,
  indices: usize,
  values: usize,
  rows: i32,
  width: i32,
  heap: usize,
): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < k; i++) {
      store<i64>(heap + (<usize>i << 3), rankOf(load<f32>(input + (<usize>i << 2)), i));
    }
    for (let i = (k >> 1) - 1; i >= 0; i--) sink(heap, i, k);
    for (let i = k; i < width; i++) {
      const rank = rankOf(load<f32>(input + (<usize>i << 2)), i);
      if (rank > load<i64>(heap)) {
        store<i64>(heap, rank);
        sink(heap, 0, k);
      }
    }
    for (let last = k - 1; last >= 0; last--) {
      const index = ~(<i32>load<i64>(heap));
      store<i64>(heap, load<i64>(heap + (<usize>last << 3)));
      sink(heap, 0, last);
      store<i32>(indices + (<usize>last << 2), index);
      store<f32>(values + (<usize>last << 2), load<f32>(input + (<usize>index << 2)));
    }
    input += <usize>width << 2;
    indices += <usize>k << 2;
    values += <usize>k << 2;
  }
}

/** An integer that orders as (value, lower index first) does: both zeros alike, NaN lowest. */
// @ts-ignore: decorator
@inline
function rankOf(value: f32, index: i32): i64 {
  let key: i32 = i32.MIN_VALUE;
  if (value == value) {
    const bits = reinterpret<i32>(value + 0);
    key = bits ^ ((bits >> 31) & 0x7fffffff);
  }
  return (<i64>key << 32) | <i64>(<u32>~index);
}

function sink(heap: usize, at: i32, count: i32): void {
  const moved = load<i64>(heap + (<usize>at << 3));
  for (let child = 2 * at + 1; child < count; child = 2 * at + 1) {
    if (child + 1 < count) {
      const right = load<i64>(heap + (<usize>(child + 1) << 3));
      if (right < load<i64>(heap + (<usize>child << 3))) child++;
    }
    const worse = load<i64>(heap + (<usize>child << 3));
    if (worse >= moved) break;
    store<i64>(heap + (<usize>at << 3), worse);
    at = child;
  }
  store<i64>(heap + (<usize>at << 3), moved);
}
