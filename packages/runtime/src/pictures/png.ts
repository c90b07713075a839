/**
 * Decodes a PNG file; the decoder only sees the chunks that make the picture, after their size was proven.
 *
 * Format   https://www.w3.org/TR/png-3/
 * Needs    `DecompressionStream`, to count what the data inflates to without holding it
 * Errors   FormatError for a damaged file, or data that inflates to more or less than the header says; CapabilityError for
 *          interlaced pictures below 8 bits
 */
import { CapabilityError, FormatError } from "@frugal/tensor/errors";
import { type DecodedPng, decode } from "fast-png";
import { checkSize } from "./limits.js";
import type { Picture } from "./types.js";

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
  readonly isInterlaced: boolean;
}

interface Chunk {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
}

const WHERE = "decodePicture (PNG)";
const SIGNATURE_BYTES = 8;
/** Length and type before a chunk's data, a checksum behind it. */
const FRAME_BYTES = 12;
const HEADER_BYTES = 13;
const KEPT: Readonly<Record<string, true>> = { IHDR: true, PLTE: true, IDAT: true, IEND: true };
/** Channels and allowed depths by color type. */
const COLOR_TYPES: Readonly<Record<number, readonly [channels: number, depths: string]>> = {
  0: [1, "1 2 4 8 16"],
  2: [3, "8 16"],
  3: [1, "1 2 4 8"],
  4: [2, "8 16"],
  6: [4, "8 16"],
};
const INDEXED = 3;
/** Start and step of Adam7's passes: x, y, dx, dy. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

export async function decodePng(bytes: Uint8Array): Promise<Picture> {
  const chunks = chunksOf(bytes);
  const header = headerOf(bytes, chunks[0] as Chunk);
  const data = chunks.filter(({ type }) => type === "IDAT");
  await checkInflated(
    data.map(({ offset, length }) => bytes.subarray(offset, offset + length)),
    rawLength(header),
  );
  try {
    return toRgb(decode(withOnly(bytes, chunks), { checkCrc: true }), header);
  } catch (cause) {
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(WHERE, "the file is damaged", { cause });
  }
}

/** The chunks that make the picture; profiles, texts and animation are left out, and with them what they might inflate to. */
function chunksOf(bytes: Uint8Array): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; ; ) {
    if (at + FRAME_BYTES > bytes.length) fail("the file ends within a chunk", at);
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + FRAME_BYTES + length > bytes.length) fail("a chunk reaches beyond the file", at);
    if (chunks.length === 0 && type !== "IHDR") fail("the header is missing", at);
    const isCritical = ((bytes[at + 4] as number) & 0x20) === 0;
    if (KEPT[type]) chunks.push({ type, offset: at + 8, length });
    else if (isCritical) throw new CapabilityError(WHERE, [`chunk ${JSON.stringify(type)}`]);
    if (type === "IEND") return chunks;
    at += FRAME_BYTES + length;
  }
}

function headerOf(bytes: Uint8Array, { offset, length }: Chunk): Header {
  if (length !== HEADER_BYTES) fail(`a header of ${length} bytes`, offset);
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, length);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  const [depth, colorType, , , interlace] = bytes.subarray(offset + 8, offset + HEADER_BYTES);
  checkSize(WHERE, width, height, offset);
  const known = COLOR_TYPES[colorType as number];
  if (!known?.[1].split(" ").includes(String(depth))) {
    fail(`color type ${colorType} with ${depth} bits`, offset + 8);
  }
  if ((interlace as number) > 1) fail(`interlace method ${interlace}`, offset + 12);
  const isInterlaced = interlace === 1;
  if (isInterlaced && (depth as number) < 8) {
    throw new CapabilityError(WHERE, [`interlaced pictures of ${depth} bits`]);
  }
  return { width, height, depth: depth as number, colorType: colorType as number, isInterlaced };
}

/** Bytes of the inflated data: each row has a filter byte. */
function rawLength({ width, height, depth, colorType, isInterlaced }: Header): number {
  const bits = depth * (COLOR_TYPES[colorType] as readonly [number, string])[0];
  const passes = isInterlaced ? PASSES : ([[0, 0, 1, 1]] as const);
  return passes.reduce((sum, [x, y, dx, dy]) => {
    const columns = Math.max(0, Math.ceil((width - x) / dx));
    const rows = Math.max(0, Math.ceil((height - y) / dy));
    return columns === 0 ? sum : sum + rows * (1 + Math.ceil((columns * bits) / 8));
  }, 0);
}

async function checkInflated(parts: readonly Uint8Array[], expected: number): Promise<void> {
  const blob = new Blob(parts as Uint8Array<ArrayBuffer>[]);
  const reader = blob.stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > expected) break;
    }
  } catch (cause) {
    throw new FormatError(WHERE, "the data does not inflate", { cause });
  } finally {
    await reader.cancel().catch(() => {});
  }
  if (length > expected) fail(`the data inflates to more than the ${expected} bytes of its header`);
  if (length < expected) fail(`the data inflates to ${length} bytes, must be ${expected}`);
}

function withOnly(bytes: Uint8Array, chunks: readonly Chunk[]): Uint8Array {
  const total = chunks.reduce((sum, { length }) => sum + FRAME_BYTES + length, SIGNATURE_BYTES);
  const out = new Uint8Array(total);
  out.set(bytes.subarray(0, SIGNATURE_BYTES));
  let at = SIGNATURE_BYTES;
  for (const { offset, length } of chunks) {
    out.set(bytes.subarray(offset - 8, offset + length + 4), at);
    at += FRAME_BYTES + length;
  }
  return out;
}

function toRgb(png: DecodedPng, { width, height, depth, colorType }: Header): Picture {
  const samples = depth < 8 ? unpacked(png.data as Uint8Array, width, height, depth) : png.data;
  const data = new Uint8Array(width * height * 3);
  if (colorType === INDEXED) {
    paint(data, samples, png.palette ?? []);
    return { width, height, data };
  }
  const { channels } = png;
  const shift = depth === 16 ? 8 : 0;
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const isColor = channels >= 3;
  for (let i = 0, from = 0; i < data.length; i += 3, from += channels) {
    for (let c = 0; c < 3; c++) {
      data[i + c] = ((samples[isColor ? from + c : from] as number) >> shift) * scale;
    }
  }
  return { width, height, data };
}

function paint(data: Uint8Array, indices: ArrayLike<number>, palette: readonly number[][]): void {
  for (let i = 0; i < indices.length; i++) {
    const color = palette[indices[i] as number];
    if (!color) fail(`color ${indices[i]} of a palette of ${palette.length}`);
    for (let c = 0; c < 3; c++) data[i * 3 + c] = color[c] as number;
  }
}

/** Rows begin at whole bytes; the first pixel is in the upper bits. */
function unpacked(packed: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = packed[y * rowBytes + (bit >> 3)] as number;
      out[y * width + x] = (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
    }
  }
  return out;
}

function fail(problem: string, offset?: number): never {
  throw new FormatError(WHERE, problem, offset === undefined ? {} : { offset });
}
