/**
 * Decodes a JPEG file as libjpeg does by default: color rules, smooth chroma, fixed-point conversion.
 *
 * Format   ITU-T T.81 (baseline, extended, progressive Huffman; 8 bits; one or three components)
 * Differs  the inverse transform is jpeg-js's, which differs from libjpeg's by a level or two
 * Errors   FormatError for a damaged file or one above a limit; CapabilityError for lossless, arithmetic, 12-bit and CMYK
 */
import { CapabilityError, FormatError } from "@frugal/tensor/errors";
import jpeg from "jpeg-js";
import { type Component, planeOf, toRgb } from "./chroma.js";
import { checkSize, MAX_PIXELS } from "./limits.js";
import type { Picture } from "./types.js";

/** Three times what encoders write; every scan costs a pass over the whole picture. */
export const MAX_SCANS = 100;
/** Blocks of coefficients and lines of MAX_PIXELS at full chroma take about 900 MiB. */
const MAX_MEMORY_MIB = 1024;
const WHERE = "decodePicture (JPEG)";
const START_BYTES = 2;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly (Component & { readonly id: number })[];
}

interface Layout {
  readonly frame: Frame;
  /** Three components are luminance and two of color; otherwise red, green and blue. */
  readonly isYcc: boolean;
  /** The file without application data and comments. */
  readonly bytes: Uint8Array;
}

export function decodeJpeg(file: Uint8Array): Picture {
  const { frame, isYcc, bytes } = layoutOf(file);
  const { width, height, components } = frame;
  const { data } = decoded(bytes);
  if (components.length === 1) return { width, height, data };
  const planes = components.map((component, c) => planeOf(data, width, height, c, component));
  return { width, height, data: toRgb(planes, width * height, isYcc) };
}

/** Components side by side, at full size; colors are ours to convert. */
function decoded(bytes: Uint8Array): { readonly data: Uint8Array } {
  try {
    return jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      colorTransform: false,
      tolerantDecoding: false,
      maxResolutionInMP: MAX_PIXELS / 1e6,
      maxMemoryUsageInMB: MAX_MEMORY_MIB,
    });
  } catch (cause) {
    throw new FormatError(WHERE, "the file is damaged", { cause });
  }
}

/** Reads the segments before the first scan. */
function layoutOf(file: Uint8Array): Layout {
  const kept: Uint8Array[] = [file.subarray(0, START_BYTES)];
  let frame: Frame | undefined;
  let isJfif = false;
  let adobe: number | undefined;
  for (let at = START_BYTES; ; ) {
    if (at + 4 > file.length) fail("the file ends before its picture", at);
    if (file[at] !== 0xff) fail("a marker is missing", at);
    const marker = file[at + 1] as number;
    if (marker === 0xff) {
      at++; // fill byte
      continue;
    }
    if (marker === 0xda) {
      if (!frame) fail("a scan before its frame", at);
      checkScans(file, at);
      kept.push(file.subarray(at));
      break;
    }
    const length = ((file[at + 2] as number) << 8) | (file[at + 3] as number);
    const end = at + 2 + length;
    if (length < 2 || end > file.length) fail("a segment reaches beyond the file", at);
    const segment = file.subarray(at + 4, end);
    if (isFrame(marker)) {
      if (frame) fail("a second frame", at);
      frame = frameOf(marker, segment, at);
    }
    if (marker === 0xe0) isJfif ||= startsWith(segment, "JFIF\0");
    if (marker === 0xee && startsWith(segment, "Adobe")) adobe ??= segment[11];
    if (!isApplication(marker)) kept.push(file.subarray(at, end));
    at = end;
  }
  const { components } = frame as Frame;
  return { frame: frame as Frame, isYcc: isYcc(components, isJfif, adobe), bytes: joined(kept) };
}

const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
const isApplication = (marker: number): boolean => (marker & 0xf0) === 0xe0 || marker === 0xfe;

function frameOf(marker: number, segment: Uint8Array, at: number): Frame {
  const count = segment[5] as number;
  if (segment.length < 6 || segment.length !== 6 + 3 * count) fail("a frame of another length", at);
  if (marker > 0xc2) throw new CapabilityError(WHERE, ["lossless and arithmetic coding"]);
  if (segment[0] !== 8) throw new CapabilityError(WHERE, [`${segment[0]} bits a channel`]);
  if (count !== 1 && count !== 3) throw new CapabilityError(WHERE, [`${count} components`]);
  const view = new DataView(segment.buffer, segment.byteOffset, segment.length);
  const height = view.getUint16(1);
  const width = view.getUint16(3);
  checkSize(WHERE, width, height, at);
  const factors = Array.from({ length: count }, (_, c) => {
    const both = segment[7 + 3 * c] as number;
    return { id: segment[6 + 3 * c] as number, across: both >> 4, down: both & 15 };
  });
  if (factors.some((f) => f.across < 1 || f.across > 4 || f.down < 1 || f.down > 4)) {
    fail("a sampling factor outside 1..4", at);
  }
  if (new Set(factors.map(({ id }) => id)).size !== count) fail("two components of one name", at);
  const [mostAcross, mostDown] = [
    Math.max(...factors.map((f) => f.across)),
    Math.max(...factors.map((f) => f.down)),
  ];
  const components = factors.map(({ id, across, down }) => ({
    id,
    stepX: mostAcross / across,
    stepY: mostDown / down,
  }));
  return { width, height, components };
}

/** libjpeg's order of evidence: JFIF, then Adobe's marker, then the components' names. */
function isYcc(
  components: Frame["components"],
  isJfif: boolean,
  adobe: number | undefined,
): boolean {
  if (isJfif) return true;
  if (adobe !== undefined) return adobe !== 0;
  return String.fromCharCode(...components.map(({ id }) => id)) !== "RGB";
}

/** Within scans 0xFF is always followed by 0 or a restart marker, so each 0xFFDA is a scan. */
function checkScans(file: Uint8Array, from: number): void {
  let scans = 0;
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    if (file[at + 1] === 0xda && ++scans > MAX_SCANS) {
      throw new FormatError(WHERE, "too many scans", {
        offset: at,
        limit: `MAX_SCANS = ${MAX_SCANS}`,
      });
    }
  }
}

const startsWith = (segment: Uint8Array, text: string): boolean =>
  Array.from(text).every((character, i) => segment[i] === character.charCodeAt(0));

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function fail(problem: string, offset: number): never {
  throw new FormatError(WHERE, problem, { offset });
}
