/**
 * Resizes an 8-bit RGB picture exactly as Pillow does.
 *
 * Source   Pillow's Resample.c and Geometry.c (the rules, not the code)
 * Shapes   [height, width, 3]  ->  [newHeight, newWidth, 3] uint8
 * Units    weights are integers of 22 fraction bits; each pass rounds to 8 bits
 * Order    across first, then down, unless the height loses more than twice the pixels that the width does (Pillow 13; Pillow
 *          12 and earlier always go across first); sums of products are exact in 32 bits
 * Cost     O(newWidth * height * s + newWidth * newHeight * s), s the filter's support at this scale; one picture of scratch
 * Errors   ArgumentError for a size that is none or too large, or an unknown filter
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { MAX_PIXELS } from "./limits.js";
import type { Picture } from "./types.js";

export type ResizeFilter = "nearest" | "box" | "bilinear" | "hamming" | "bicubic" | "lanczos";

export interface ResizeOptions {
  readonly width: number;
  readonly height: number;
  /** Default "bicubic". */
  readonly filter?: ResizeFilter;
}

/** 32 bits less 8 for a pixel and 2 for what weights of alternating sign add up to. */
const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

export function resizePicture(picture: Picture, options: ResizeOptions): Picture {
  const { width, height, filter = "bicubic" } = options;
  const isDownFirst = picture.height - height > 2 * Math.max(0, picture.width - width);
  checkSide("width", width, isDownFirst ? height : picture.height);
  checkSide("height", height, isDownFirst ? picture.width : width);
  if (filter === "nearest") return nearest(picture, width, height);
  if (!Object.hasOwn(FILTERS, filter)) {
    const names = ["nearest", ...Object.keys(FILTERS)].join(", ");
    throw new ArgumentError("resizePicture", "filter", `one of ${names}`, filter);
  }
  const chosen = FILTERS[filter];
  if (isDownFirst) return across(down(picture, height, chosen), width, chosen);
  return down(across(picture, width, chosen), height, chosen);
}

interface Filter {
  /** Half the width of the filter at scale 1, in pixels. */
  readonly support: number;
  weight(x: number): number;
}

const FILTERS: Readonly<Record<Exclude<ResizeFilter, "nearest">, Filter>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: { support: 1, weight: hamming },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: lanczos },
};

function hamming(x: number): number {
  const size = Math.abs(x);
  if (size === 0) return 1;
  if (size >= 1) return 0;
  const angle = size * Math.PI;
  return (Math.sin(angle) / angle) * (0.54 + 0.46 * Math.cos(angle));
}

/** Keys' cubic with a = -0.5. */
function bicubic(x: number): number {
  const a = -0.5;
  const size = Math.abs(x);
  if (size < 1) return ((a + 2) * size - (a + 3)) * size * size + 1;
  if (size < 2) return (((size - 5) * size + 8) * size - 4) * a;
  return 0;
}

function lanczos(x: number): number {
  return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/** Which pixels make each new pixel, and by how much. */
interface Weights {
  readonly firsts: Uint32Array;
  readonly counts: Uint32Array;
  /** [new size, widest] */
  readonly values: Int32Array;
  readonly widest: number;
}

function weightsOf(size: number, newSize: number, { support, weight }: Filter): Weights {
  const scale = size / newSize;
  const filterScale = Math.max(scale, 1);
  const reach = support * filterScale;
  const widest = Math.ceil(reach) * 2 + 1;
  const firsts = new Uint32Array(newSize);
  const counts = new Uint32Array(newSize);
  const values = new Int32Array(newSize * widest);
  const row = new Float64Array(widest);
  const step = 1 / filterScale;
  for (let i = 0; i < newSize; i++) {
    const center = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(center - reach + 0.5));
    const count = Math.min(size, Math.trunc(center + reach + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      row[k] = weight((k + first - center + 0.5) * step);
      sum += row[k] as number;
    }
    for (let k = 0; k < count; k++) {
      const share = sum === 0 ? (row[k] as number) : (row[k] as number) / sum;
      values[i * widest + k] = Math.trunc(share * 2 ** PRECISION_BITS + (share < 0 ? -0.5 : 0.5));
    }
    firsts[i] = first;
    counts[i] = count;
  }
  return { firsts, counts, values, widest };
}

function across(picture: Picture, newWidth: number, filter: Filter): Picture {
  const { width, height, data } = picture;
  if (newWidth === width) return picture;
  const { firsts, counts, values, widest } = weightsOf(width, newWidth, filter);
  const out = new Uint8ClampedArray(newWidth * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < newWidth; x++, to += 3) {
      let from = (y * width + (firsts[x] as number)) * 3;
      const end = x * widest + (counts[x] as number);
      let [r, g, b] = [HALF, HALF, HALF];
      for (let k = x * widest; k < end; k++, from += 3) {
        const weight = values[k] as number;
        r += weight * (data[from] as number);
        g += weight * (data[from + 1] as number);
        b += weight * (data[from + 2] as number);
      }
      out[to] = r >> PRECISION_BITS;
      out[to + 1] = g >> PRECISION_BITS;
      out[to + 2] = b >> PRECISION_BITS;
    }
  }
  return { width: newWidth, height, data: new Uint8Array(out.buffer) };
}

function down(picture: Picture, newHeight: number, filter: Filter): Picture {
  const { width, height, data } = picture;
  if (newHeight === height) return picture;
  const { firsts, counts, values, widest } = weightsOf(height, newHeight, filter);
  const rowLength = width * 3;
  const out = new Uint8ClampedArray(rowLength * newHeight);
  const sums = new Int32Array(rowLength);
  for (let y = 0; y < newHeight; y++) {
    sums.fill(HALF);
    for (let k = 0; k < (counts[y] as number); k++) {
      const weight = values[y * widest + k] as number;
      const from = ((firsts[y] as number) + k) * rowLength;
      for (let i = 0; i < rowLength; i++) {
        sums[i] = (sums[i] as number) + weight * (data[from + i] as number);
      }
    }
    for (let i = 0; i < rowLength; i++) {
      out[y * rowLength + i] = (sums[i] as number) >> PRECISION_BITS;
    }
  }
  return { width, height: newHeight, data: new Uint8Array(out.buffer) };
}

/** The pixel under the middle of each new pixel. */
function nearest(picture: Picture, newWidth: number, newHeight: number): Picture {
  const { width, height, data } = picture;
  const columns = nearestOf(width, newWidth);
  const rows = nearestOf(height, newHeight);
  const out = new Uint8Array(newWidth * newHeight * 3);
  for (let y = 0, to = 0; y < newHeight; y++) {
    for (let x = 0; x < newWidth; x++, to += 3) {
      const from = ((rows[y] as number) * width + (columns[x] as number)) * 3;
      for (let c = 0; c < 3; c++) out[to + c] = data[from + c] as number;
    }
  }
  return { width: newWidth, height: newHeight, data: out };
}

/** Pillow adds the step up pixel by pixel; so do we, for the same rounding. */
function nearestOf(size: number, newSize: number): Uint32Array {
  const step = size / newSize;
  const out = new Uint32Array(newSize);
  let at = step * 0.5;
  for (let i = 0; i < newSize; i++, at += step) out[i] = Math.min(size - 1, Math.trunc(at));
  return out;
}

/** `other`: the extent that the other side has in the pass that makes this one. */
function checkSide(name: "width" | "height", side: number, other: number): void {
  if (!Number.isSafeInteger(side) || side < 1 || side * other > MAX_PIXELS) {
    const expected = `an integer, at least 1, within MAX_PIXELS = ${MAX_PIXELS}`;
    throw new ArgumentError("resizePicture", name, expected, side);
  }
}
