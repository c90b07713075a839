/**
 * Decodes a PNG or JPEG file to RGB, in Node and in a page.
 *
 * Shapes   bytes  ->  [height, width, 3] uint8
 * Units    16-bit channels keep their upper byte; 1, 2 and 4-bit greys are spread over 0..255
 * Cost     O(pixels); PNG data is inflated twice, the first time only to count it
 * Differs  alpha is dropped, nothing is put behind it; EXIF orientation and color profiles are not applied (as in Pillow)
 * Errors   FormatError for a file that is damaged or exceeds MAX_PIXELS or MAX_SIDE; CapabilityError for a format or a
 *          variant that is not built
 */
import { ArgumentError, CapabilityError } from "@frugal/tensor/errors";
import { decodeJpeg } from "./jpeg.js";
import { decodePng } from "./png.js";
import type { Picture } from "./types.js";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

export async function decodePicture(bytes: Uint8Array): Promise<Picture> {
  if (!(bytes instanceof Uint8Array)) {
    throw new ArgumentError("decodePicture", "bytes", "a Uint8Array", typeof bytes);
  }
  const starts = (magic: readonly number[]): boolean => magic.every((byte, i) => bytes[i] === byte);
  if (starts(PNG)) return decodePng(bytes);
  if (starts(JPEG)) return decodeJpeg(bytes);
  const first = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16)).join(" ");
  throw new CapabilityError(
    "decodePicture",
    [`a picture that begins with ${first || "nothing"}`],
    "Known: PNG, JPEG",
  );
}
