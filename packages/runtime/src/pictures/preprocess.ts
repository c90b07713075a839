/**
 * Turns a picture into what an image encoder reads, as transformers' slow (Pillow) image processors do.
 *
 * Shapes   [height, width, 3] uint8  ->  [3, H, W] f32
 * Units    pixels 0..255, times `rescale_factor`, less the mean, over the deviation; each step rounds to f32
 * Order    pad to a square (LLaVA's own processor), resize, center crop, rescale, normalize
 * Cost     O(pixels of the picture + output * filter)
 * Differs  the fast processors of transformers resize without rounding between passes; their configs are read as the slow ones
 * Errors   FormatError for a config that is none; CapabilityError for a processor or a field that is not built; ArgumentError
 *          for a picture that would become too large
 */
import { type Floats, floats } from "@frugal/tensor";
import { ArgumentError } from "@frugal/tensor/errors";
import { MAX_PIXELS } from "./limits.js";
import type { Preprocessing, Size } from "./preprocessing.js";
import { resizePicture } from "./resize.js";
import type { Picture } from "./types.js";

export function preprocess(picture: Picture, preprocessing: Preprocessing): Floats {
  const { resize, crop, filter, padColor } = preprocessing;
  checkPicture(picture);
  let current = padColor ? padded(picture, padColor) : picture;
  if (resize) current = resizePicture(current, { ...resizedTo(current, resize), filter });
  if (crop) current = cropped(current, crop);
  return normalized(current, preprocessing);
}

function checkPicture({ width, height, data }: Picture): void {
  const isPicture =
    Number.isSafeInteger(width) && Number.isSafeInteger(height) && width > 0 && height > 0;
  if (!isPicture || !(data instanceof Uint8Array) || data.length !== width * height * 3) {
    const received = `${width} x ${height} with ${data?.length} bytes`;
    throw new ArgumentError("preprocess", "picture", "width * height * 3 bytes of RGB", received);
  }
}

/** The longer side is cut off, not rounded, as in `get_resize_output_image_size`. */
function resizedTo({ width, height }: Picture, resize: Size | number): Size {
  if (typeof resize !== "number") return resize;
  const [short, long] = width <= height ? [width, height] : [height, width];
  const newLong = Math.trunc((resize * long) / short);
  if (resize * newLong > MAX_PIXELS) {
    const expected = `at most MAX_PIXELS = ${MAX_PIXELS} pixels once its short side is ${resize}`;
    throw new ArgumentError("preprocess", "picture", expected, `${width} x ${height}`);
  }
  return width <= height ? { width: resize, height: newLong } : { width: newLong, height: resize };
}

/** Puts the picture in the middle of a square of one color. */
function padded(picture: Picture, color: readonly number[]): Picture {
  const { width, height, data } = picture;
  if (width === height) return picture;
  const side = Math.max(width, height);
  if (side * side > MAX_PIXELS) {
    const expected = `padded to at most MAX_PIXELS = ${MAX_PIXELS} pixels`;
    throw new ArgumentError("preprocess", "picture", expected, `${width} x ${height}`);
  }
  const out = new Uint8Array(side * side * 3);
  for (let i = 0; i < out.length; i++) out[i] = color[i % 3] as number;
  const left = (side - width) >> 1;
  const top = (side - height) >> 1;
  for (let y = 0; y < height; y++) {
    out.set(data.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * side + left) * 3);
  }
  return { width: side, height: side, data: out };
}

/** Where the picture is smaller than the cut, black is around it. */
function cropped({ width, height, data }: Picture, crop: Size): Picture {
  const out = new Uint8Array(crop.width * crop.height * 3);
  const left = cropStart(width, crop.width);
  const top = cropStart(height, crop.height);
  const firstX = Math.max(0, -left);
  const lastX = Math.min(crop.width, width - left);
  for (let y = Math.max(0, -top); y < Math.min(crop.height, height - top); y++) {
    const from = ((top + y) * width + left + firstX) * 3;
    const row = data.subarray(from, from + (lastX - firstX) * 3);
    out.set(row, (y * crop.width + firstX) * 3);
  }
  return { ...crop, data: out };
}

/** First row or column of the cut; negative: that many black ones come first. */
function cropStart(size: number, crop: number): number {
  return size >= crop ? Math.floor((size - crop) / 2) : -Math.ceil((crop - size) / 2);
}

function normalized(picture: Picture, preprocessing: Preprocessing): Floats {
  const { width, height, data } = picture;
  const { scale, mean, deviation } = preprocessing;
  const plane = width * height;
  const out = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    const values = channelValues(scale, mean?.[c] ?? 0, deviation?.[c] ?? 1);
    for (let i = 0; i < plane; i++)
      out[c * plane + i] = values[data[i * 3 + c] as number] as number;
  }
  return floats([3, height, width], out);
}

/** A channel has 256 possible values: what each becomes, rounded to f32 after every step. */
function channelValues(scale: number, mean: number, deviation: number): Float32Array {
  const [center, width] = [Math.fround(mean), Math.fround(deviation)];
  return Float32Array.from({ length: 256 }, (_, pixel) => {
    const rescaled = Math.fround(pixel * scale);
    return Math.fround(Math.fround(rescaled - center) / width);
  });
}
