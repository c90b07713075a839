/**
 * From a picture as users have it to the pixel values of an encoder.
 *
 * Shapes   a file's bytes, a Blob or RGB pixels  ->  [3, E, E] f32, E the encoder's picture size
 * Errors   FormatError for a config that makes another size than the encoder takes, ArgumentError for an input that is none;
 *          see decode and preprocess
 */
import { ArgumentError, FormatError } from "@frugal/tensor/errors";
import { decodePicture } from "./decode.js";
import { preprocess } from "./preprocess.js";
import { type Preprocessing, readPreprocessing } from "./preprocessing.js";
import type { Picture } from "./types.js";

export { decodePicture } from "./decode.js";
export { preprocess } from "./preprocess.js";
export { type Preprocessing, readPreprocessing } from "./preprocessing.js";
export { type ResizeFilter, type ResizeOptions, resizePicture } from "./resize.js";
export type { Picture } from "./types.js";

/** Bytes of a PNG or JPEG file, the same as a `Blob` (or `File`), or pixels. */
export type PictureInput = Uint8Array | Blob | Picture;

/** [3, E, E] */
export type PicturePreprocessor = (picture: PictureInput) => Promise<Float32Array>;

export function preprocessorOf(json: unknown, imageSize: number): PicturePreprocessor {
  const preprocessing = readPreprocessing(json);
  const isFixed = hasSize(preprocessing.crop ?? preprocessing.resize, imageSize);
  if (!isFixed) {
    const problem = `pictures do not always become ${imageSize} x ${imageSize}, as the encoder takes them`;
    throw new FormatError("preprocessor_config", problem);
  }
  return async (picture) => preprocess(await pictureOf(picture), preprocessing).data;
}

/** Pixels of any input. */
export async function pictureOf(input: PictureInput): Promise<Picture> {
  if (input instanceof Uint8Array) return decodePicture(input);
  if (input instanceof Blob) return decodePicture(new Uint8Array(await input.arrayBuffer()));
  if (typeof input === "object" && input !== null && "data" in input) return input;
  throw new ArgumentError("picture", "input", "bytes, a Blob or { width, height, data }", input);
}

function hasSize(size: Preprocessing["resize"], side: number): boolean {
  return typeof size === "object" && size.width === side && size.height === side;
}
