/**
 * Rows divided by their lengths; a zero row stays zero.
 *
 * Shapes   input [R, C]  ->  out [R, C]
 * Units    pointers are byte offsets, 4-byte aligned
 * Order    squares in f64, c ascending; quotients in f64, rounded once
 * Errors   none in here: the wrapper checks shapes
 */
export function unitRows(input: usize, out: usize, rows: i32, width: i32): void {
  for (let row = 0; row < rows; row++) {
    const end = input + (<usize>width << 2);
    let squares: f64 = 0;
    for (let at = input; at < end; at += 4) {
      const value = <f64>load<f32>(at);
      squares += value * value;
    }
    const length = squares == 0 ? 1 : Math.sqrt(squares);
    for (; input < end; input += 4) {
      store<f32>(out, <f32>(<f64>load<f32>(input) / length));
      out += 4;
    }
  }
}
