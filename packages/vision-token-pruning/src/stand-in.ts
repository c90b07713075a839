/** Stand-in for primitives of `@frugal/tensor/ops`; deleted when they land. */
import { type Floats, floats } from "@frugal/tensor";

export function unitRows(rows: Floats): Floats {
  const [count, width] = rows.dims as [number, number];
  const data = new Float32Array(rows.data.length);
  for (let r = 0; r < count; r++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += rows.data[r * width + c]! ** 2;
    const scale = 1 / Math.max(Math.sqrt(sum), 1e-12);
    for (let c = 0; c < width; c++) data[r * width + c] = rows.data[r * width + c]! * scale;
  }
  return floats([count, width], data);
}

export function rowDot(a: Floats, i: number, b: Floats, j: number): number {
  const width = a.dims[1]!;
  let sum = 0;
  for (let c = 0; c < width; c++) sum += a.data[i * width + c]! * b.data[j * width + c]!;
  return sum;
}
