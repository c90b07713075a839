/**
 * The frame of a saved cache: preamble, JSON header, body of 4-byte elements, little-endian.
 *
 * Shapes   preamble: "FRUGALKV", u32 version, u32 header bytes, u32 body bytes, u32 CRC-32 of header and body
 * Cost     O(bytes)
 * Errors   FormatError with the offset for another magic or version, a wrong size or checksum, a header that is too long
 */
import { FormatError } from "@frugal/tensor";

export const FRAME_VERSION = 1;
const MAGIC = "FRUGALKV";
const PREAMBLE = 24;
/** 64 MiB: a header takes some hundred bytes a head, so this is far above any real one. */
const MAX_HEADER_BYTES = 64 * 2 ** 20;
/** 4 GiB - 1: what the preamble can count. */
const MAX_BODY_BYTES = 2 ** 32 - 1;

type Elements = Int32Array | Uint32Array | Float32Array;

export function encodeFrame(header: unknown, parts: readonly Elements[]): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 4) * 4;
  const size = parts.reduce((sum, part) => sum + part.byteLength, 0);
  if (padded > MAX_HEADER_BYTES || size > MAX_BODY_BYTES) {
    throw new FormatError("Cache.save", `${size} bytes of slots do not fit one file`, {
      limit: `${MAX_BODY_BYTES} bytes`,
    });
  }
  const bytes = new Uint8Array(PREAMBLE + padded + size);
  for (let i = 0; i < MAGIC.length; i++) bytes[i] = MAGIC.charCodeAt(i);
  bytes.set(text, PREAMBLE);
  bytes.fill(0x20, PREAMBLE + text.length, PREAMBLE + padded);
  let at = PREAMBLE + padded;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(8, FRAME_VERSION, true);
  view.setUint32(12, padded, true);
  view.setUint32(16, size, true);
  view.setUint32(20, crc32(bytes.subarray(PREAMBLE)), true);
  return bytes;
}

/** The header, parsed but not believed, and the body at a 4-byte boundary. */
export function decodeFrame(bytes: Uint8Array): {
  readonly header: unknown;
  readonly body: BodyReader;
} {
  const fail = (problem: string, offset: number): never => {
    throw new FormatError("loadCache", problem, { offset });
  };
  if (bytes.length < PREAMBLE) fail("the file is shorter than its preamble", bytes.length);
  for (let i = 0; i < MAGIC.length; i++) {
    if (bytes[i] !== MAGIC.charCodeAt(i)) fail("not a saved cache", i);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(8, true);
  if (version !== FRAME_VERSION) fail(`version ${version} is not ${FRAME_VERSION}`, 8);
  const headerBytes = view.getUint32(12, true);
  if (headerBytes > MAX_HEADER_BYTES) {
    throw new FormatError("loadCache", "the header is too long", {
      offset: 12,
      limit: `${MAX_HEADER_BYTES} bytes`,
    });
  }
  const bodyBytes = view.getUint32(16, true);
  if (PREAMBLE + headerBytes + bodyBytes !== bytes.length) {
    fail(`${bytes.length} bytes are not the ${PREAMBLE + headerBytes + bodyBytes} stated`, 12);
  }
  if (crc32(bytes.subarray(PREAMBLE)) !== view.getUint32(20, true)) fail("wrong checksum", 20);
  const start = PREAMBLE + headerBytes;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(PREAMBLE, start));
    return { header: JSON.parse(text), body: new BodyReader(bytes.slice(start), start) };
  } catch (cause) {
    throw new FormatError("loadCache", "the header is not JSON", { offset: PREAMBLE, cause });
  }
}

export class BodyReader {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #start: number;
  #at = 0;

  constructor(bytes: Uint8Array<ArrayBuffer>, start: number) {
    this.#bytes = bytes;
    this.#start = start;
  }

  ints(count: number): Int32Array {
    return new Int32Array(this.#bytes.buffer, this.#take(count), count);
  }

  numbers(count: number): Float32Array {
    return new Float32Array(this.#bytes.buffer, this.#take(count), count);
  }

  end(): void {
    if (this.#at === this.#bytes.length) return;
    throw new FormatError("loadCache", `${this.#bytes.length - this.#at} bytes are left over`, {
      offset: this.#start + this.#at,
    });
  }

  /** Checked before anything of that size is allocated. */
  #take(count: number): number {
    const at = this.#at;
    if (!(count * 4 <= this.#bytes.length - at)) {
      throw new FormatError("loadCache", `${count} elements go past the end`, {
        offset: this.#start + at,
      });
    }
    this.#at += count * 4;
    return at;
  }
}

function crc32(bytes: Uint8Array): number {
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    table[n] = c;
  }
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
