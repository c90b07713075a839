/**
 * Brings a JPEG's color components to full size and to RGB, as libjpeg does by default.
 *
 * Source   libjpeg-turbo's jdsample.c and jdcolor.c (the rules, not the code)
 * Shapes   components side by side [height, width, 3]  ->  planes [height, width]  ->  [height, width, 3]
 * Units    color conversion in 16 fraction bits
 * Differs  only factors of two are smoothed; others repeat samples, as in libjpeg
 * Cost     O(pixels), one plane of scratch a component
 */
export interface Component {
  /** Pixels of the picture for one sample of this component. */
  readonly stepX: number;
  readonly stepY: number;
}

/** libjpeg smooths no component that is narrower. */
const SMOOTH_WIDTH = 3;

/** Plane `c` at full size. Samples stand repeated in `data`; those that were in the file are taken out first. */
export function planeOf(
  data: Uint8Array,
  width: number,
  height: number,
  c: number,
  { stepX, stepY }: Component,
): Uint8Array {
  const isSmooth = stepX <= 2 && stepY <= 2 && Number.isInteger(stepX) && Number.isInteger(stepY);
  const across = isSmooth ? stepX : 1;
  const down = isSmooth ? stepY : 1;
  const columns = Math.ceil(width / across);
  const rows = Math.ceil(height / down);
  const samples = new Uint8Array(columns * rows);
  for (let y = 0, to = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, to++) {
      samples[to] = data[(y * down * width + x * across) * 3 + c] as number;
    }
  }
  if (across === 1 && down === 1) return samples;
  return spread(samples, columns, rows, width, height, across, down);
}

/** Triangle filter: each new sample is 3 parts the nearer old one and 1 part the farther, a side at a time. */
function spread(
  samples: Uint8Array,
  columns: number,
  rows: number,
  width: number,
  height: number,
  across: number,
  down: number,
): Uint8Array {
  const out = new Uint8Array(width * height);
  const isNarrow = across === 2 && columns < SMOOTH_WIDTH;
  const sums = new Int32Array(columns);
  for (let y = 0; y < height; y++) {
    const near = Math.floor(y / down);
    const far = Math.min(rows - 1, Math.max(0, near + (y % 2 === 0 ? -1 : 1)));
    const isMixed = down === 2 && !isNarrow;
    for (let x = 0; x < columns; x++) {
      const own = samples[near * columns + x] as number;
      sums[x] = isMixed ? own * 3 + (samples[far * columns + x] as number) : own;
    }
    const row = out.subarray(y * width, (y + 1) * width);
    if (isNarrow) for (let x = 0; x < width; x++) row[x] = sums[x >> 1] as number;
    else if (across === 2) spreadRow(sums, row, isMixed ? 4 : 2);
    // The upper of two rows rounds down at the half, the lower up: libjpeg's ordered dither.
    else for (let x = 0; x < width; x++) row[x] = ((sums[x] as number) + 1 + (y % 2)) >> 2;
  }
  return out;
}

/** `bits`: 2 when `sums` are samples, 4 when they are already four times as large. */
function spreadRow(sums: Int32Array, row: Uint8Array, bits: 2 | 4): void {
  const [even, odd] = bits === 2 ? [1, 2] : [8, 7];
  const last = sums.length - 1;
  for (let x = 0; x < row.length; x++) {
    const near = x >> 1;
    const own = sums[near] as number;
    const far = sums[Math.min(last, Math.max(0, near + (x % 2 === 0 ? -1 : 1)))] as number;
    row[x] = (own * 3 + far + (x % 2 === 0 ? even : odd)) >> bits;
  }
}

const FRACTION_BITS = 16;
const ONE_HALF = 1 << (FRACTION_BITS - 1);
const fixed = (x: number): number => Math.floor(x * 2 ** FRACTION_BITS + 0.5);

export function toRgb(planes: readonly Uint8Array[], pixels: number, isYcc: boolean): Uint8Array {
  const [first, second, third] = planes as [Uint8Array, Uint8Array, Uint8Array];
  const out = new Uint8ClampedArray(pixels * 3);
  const [red, green1, green2, blue] = [1.402, 0.34414, 0.71414, 1.772].map(fixed) as [
    number,
    number,
    number,
    number,
  ];
  for (let i = 0, to = 0; i < pixels; i++, to += 3) {
    const y = first[i] as number;
    if (!isYcc) {
      out[to] = y;
      out[to + 1] = second[i] as number;
      out[to + 2] = third[i] as number;
      continue;
    }
    const cb = (second[i] as number) - 128;
    const cr = (third[i] as number) - 128;
    out[to] = y + ((red * cr + ONE_HALF) >> FRACTION_BITS);
    out[to + 1] = y + ((-green1 * cb - green2 * cr + ONE_HALF) >> FRACTION_BITS);
    out[to + 2] = y + ((blue * cb + ONE_HALF) >> FRACTION_BITS);
  }
  return new Uint8Array(out.buffer);
}
