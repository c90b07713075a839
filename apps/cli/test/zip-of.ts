/** Makes a .zip archive, as far as tests need one. */
import { deflateRawSync } from "node:zlib";

export interface Entry {
  readonly name: string;
  readonly content: string;
  readonly stored?: boolean;
  /** Instead of the content, packed. */
  readonly packed?: Uint8Array;
}

export function zipOf(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, stored, packed } of entries) {
    const bytes = Buffer.from(content);
    const data = stored ? bytes : (packed ?? deflateRawSync(bytes));
    // From "version needed" to "length of the extra field", which both headers share.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crcOf(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([
      Buffer.from("PK\x03\x04", "latin1"),
      common,
      Buffer.from(name),
      data,
    ]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    const head = Buffer.from("PK\x01\x02\x14\x00", "latin1");
    directory.push(Buffer.concat([head, common, rest, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const body = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(body.length, 12);
  end.writeUInt32LE(offset, 16);
  return new Uint8Array(Buffer.concat([...locals, body, end]));
}

/** By the polynomial division itself, apart from the reader's. */
function crcOf(bytes: Uint8Array): number {
  const table = Array.from({ length: 256 }, (_, start) => {
    let rest = start;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
    return rest >>> 0;
  });
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 255]!;
  return (sum ^ 0xffffffff) >>> 0;
}
