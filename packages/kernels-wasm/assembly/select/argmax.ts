/**
 * Index of the largest element of every row; ties go to the lowest index, NaN ranks below everything.
 *
 * Shapes   input [R, C] f32, C > 0  ->  out [R] i32
 * Units    pointers are byte offsets, 4-byte aligned
 * Order    each lane keeps its first largest; a row without a number above -Infinity is searched one by one
 * Errors   none in here: the wrapper checks shapes
 */
export function argmax(input: usize, out: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    store<i32>(out, argmaxOfRow(input, width));
    input += <usize>width << 2;
    out += 4;
  }
}

function argmaxOfRow(input: usize, width: i32): i32 {
  let largest = f32x4.splat(-Infinity);
  let winners = i32x4.splat(0);
  let places = i32x4(0, 1, 2, 3);
  const four = i32x4.splat(4);
  const whole = width & ~3;
  for (let i = 0; i < whole; i += 4) {
    const values = v128.load(input + (<usize>i << 2));
    const better = f32x4.gt(values, largest);
    largest = v128.bitselect(values, largest, better);
    winners = v128.bitselect(places, winners, better);
    places = i32x4.add(places, four);
  }
  let best: f32 = f32x4.extract_lane(largest, 0);
  let index = i32x4.extract_lane(winners, 0);
  let value = f32x4.extract_lane(largest, 1);
  let place = i32x4.extract_lane(winners, 1);
  if (value > best || (value == best && place < index)) {
    best = value;
    index = place;
  }
  value = f32x4.extract_lane(largest, 2);
  place = i32x4.extract_lane(winners, 2);
  if (value > best || (value == best && place < index)) {
    best = value;
    index = place;
  }
  value = f32x4.extract_lane(largest, 3);
  place = i32x4.extract_lane(winners, 3);
  if (value > best || (value == best && place < index)) {
    best = value;
    index = place;
  }
  for (let i = whole; i < width; i++) {
    value = load<f32>(input + (<usize>i << 2));
    if (value > best) {
      best = value;
      index = i;
    }
  }
  if (best > -Infinity) return index;
  for (let i = 0; i < width; i++) {
    if (load<f32>(input + (<usize>i << 2)) == -Infinity) return i;
  }
  return 0;
}
