/**
 * How large a picture may be before anything is allocated for it.
 *
 * Errors   FormatError naming the limit
 */
import { FormatError } from "@frugal/tensor/errors";

/** A little above what common cameras give (24 to 33 million); decoding takes about 30 bytes a pixel. */
export const MAX_PIXELS = 2 ** 25;
/** Twice the longest panorama that phones make. */
export const MAX_SIDE = 2 ** 15;

export function checkSize(where: string, width: number, height: number, offset?: number): void {
  const at = offset === undefined ? {} : { offset };
  const size = `a picture of ${width} x ${height}`;
  if (width < 1 || height < 1) throw new FormatError(where, size, at);
  if (width > MAX_SIDE || height > MAX_SIDE) {
    throw new FormatError(where, size, { ...at, limit: `MAX_SIDE = ${MAX_SIDE}` });
  }
  if (width * height > MAX_PIXELS) {
    throw new FormatError(where, size, { ...at, limit: `MAX_PIXELS = ${MAX_PIXELS}` });
  }
}
