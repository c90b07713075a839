/**
 * Reads the files of a .zip archive.
 *
 * Paper    none (PKWARE APPNOTE 6.3, without ZIP64 and encryption)
 * Cost     O(archive) and what is unpacked
 * Errors   FormatError: no archive, an entry that cannot be read, a limit
 */
import { inflateRawSync } from "node:zlib";
import { FormatError } from "@frugal/tensor/errors";

/** Bytes of one file: the longest translation of a declaration has 46,000. */
const FILE_LIMIT = 1 << 26;
/** Bytes of all files. */
const TOTAL_LIMIT = 1 << 29;

const END = 0x06054b50;
const END_LENGTH = 22;
const COMMENT_LIMIT = 0xffff;
const DIRECTORY = 0x02014b50;
const DIRECTORY_LENGTH = 46;
const LOCAL = 0x04034b50;
const LOCAL_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;

export interface ZipFile {
  /** As the archive has it: never used as a path here. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The files that `wanted` names; folders are none. */
export function readZip(archive: Uint8Array, wanted: (name: string) => boolean): ZipFile[] {
  const data = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = endOf(data);
  const count = data.getUint16(end + 10, true);
  const files: ZipFile[] = [];
  let at = data.getUint32(end + 16, true);
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + DIRECTORY_LENGTH > end || data.getUint32(at, true) !== DIRECTORY)
      throw broken("no entry where one is told", at);
    const nameLength = data.getUint16(at + 28, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    if (!name.endsWith("/") && wanted(name)) {
      const bytes = unpacked(archive, data, at, name);
      total += bytes.length;
      if (total > TOTAL_LIMIT) throw broken("too much to unpack", at, TOTAL_LIMIT);
      files.push({ name, bytes });
    }
    at +=
      DIRECTORY_LENGTH + nameLength + data.getUint16(at + 30, true) + data.getUint16(at + 32, true);
  }
  return files;
}

/** The last record; a comment may stand behind it. */
function endOf(data: DataView): number {
  const last = data.byteLength - END_LENGTH;
  for (let at = last; at >= Math.max(0, last - COMMENT_LIMIT); at--) {
    if (data.getUint32(at, true) === END) return at;
  }
  throw broken("is no zip archive");
}

function unpacked(archive: Uint8Array, data: DataView, entry: number, name: string): Uint8Array {
  const flags = data.getUint16(entry + 8, true);
  const method = data.getUint16(entry + 10, true);
  const sum = data.getUint32(entry + 16, true);
  const packedLength = data.getUint32(entry + 20, true);
  const length = data.getUint32(entry + 24, true);
  const local = data.getUint32(entry + 42, true);
  if (flags & 1) throw broken(`${name} is encrypted`, entry);
  if (method !== STORED && method !== DEFLATED)
    throw broken(`${name} is packed another way`, entry);
  if (length > FILE_LIMIT) throw broken(`${name} is too long`, entry, FILE_LIMIT);
  if (local + LOCAL_LENGTH > archive.length || data.getUint32(local, true) !== LOCAL)
    throw broken(`${name} is not where it is told`, local);
  const start =
    local + LOCAL_LENGTH + data.getUint16(local + 26, true) + data.getUint16(local + 28, true);
  if (start + packedLength > archive.length) throw broken(`${name} is cut off`, start);
  const packed = archive.subarray(start, start + packedLength);
  let bytes: Uint8Array = packed;
  if (method === DEFLATED) {
    try {
      bytes = inflateRawSync(packed, { maxOutputLength: length + 1 });
    } catch (cause) {
      throw new FormatError("zip", `${name} cannot be unpacked`, { offset: start, cause });
    }
  }
  if (bytes.length !== length || crc32(bytes) !== sum) throw broken(`${name} is damaged`, start);
  return bytes;
}

const broken = (problem: string, offset?: number, limit?: number): FormatError =>
  new FormatError("zip", problem, {
    ...(offset === undefined ? {} : { offset }),
    ...(limit === undefined ? {} : { limit: String(limit) }),
  });

/** CRC-32 of IEEE 802.3, bits reflected; bit by bit, which is fast enough for texts. */
function crc32(bytes: Uint8Array): number {
  let rest = ~0;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}
