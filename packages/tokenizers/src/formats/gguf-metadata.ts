/**
 * Reads the metadata at the front of a GGUF file.
 *
 * Paper    none (the specification of GGUF, versions 2 and 3)
 * Cost     O(metadata); the tensors behind it are not looked at
 * State    views of the bytes, no copies, but for texts
 * Errors   FormatError with the byte: another version, cut short, a type that is none, a limit
 */
import { FormatError } from "@frugal/tensor/errors";
import { ID_LIMIT, NESTING_LIMIT } from "../limits.js";

export type GgufValue = number | boolean | string | GgufTexts | readonly GgufValue[];

/** A list of texts that stays in the bytes of the file: known to be UTF-8. */
export class GgufTexts {
  constructor(
    readonly bytes: Uint8Array,
    readonly start: number,
    readonly count: number,
  ) {}

  /** Calls `visit` with the place of each text, in order. */
  each(visit: (start: number, end: number) => void): void {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    for (let i = 0, at = this.start; i < this.count; i++) {
      const start = at + 8;
      at = start + view.getUint32(at, true);
      visit(start, at);
    }
  }
}

const MAGIC = 0x46554747;
/** Entries: real files have fewer than a hundred. */
const KEY_LIMIT = 1 << 16;
const STRING = 8;
const ARRAY = 9;
/** Bytes of the types of fixed width. */
const WIDTHS: readonly (number | undefined)[] = [
  1,
  1,
  2,
  2,
  4,
  4,
  4,
  1,
  undefined,
  undefined,
  8,
  8,
  8,
];

export const isGguf = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === MAGIC;

/** The entries whose keys begin with `prefix`; the lists of texts named in `big` stay in the bytes. */
export function readGgufMetadata(
  bytes: Uint8Array,
  prefix: string,
  big: readonly string[] = [],
): Map<string, GgufValue> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let at = 4;

  const broken = (problem: string, limit?: string): FormatError =>
    new FormatError("loadTokenizer", problem, { offset: at, ...(limit ? { limit } : {}) });
  function take(count: number): number {
    if (count > bytes.length - at) throw broken("the GGUF file ends inside its metadata");
    at += count;
    return at - count;
  }
  const u32 = (): number => view.getUint32(take(4), true);
  function u64(): number {
    const value = view.getBigUint64(take(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw broken("a length is beyond 2^53");
    return Number(value);
  }
  function text(): string {
    const length = u64();
    const start = take(length);
    try {
      return decoder.decode(bytes.subarray(start, start + length));
    } catch (cause) {
      throw new FormatError("loadTokenizer", "a text is not UTF-8", { offset: start, cause });
    }
  }
  function width(type: number): number {
    const found = WIDTHS[type];
    if (found === undefined) throw broken(`a value has the type ${type}`);
    return found;
  }
  function value(type: number, depth: number): GgufValue {
    if (type === STRING) return text();
    if (type === ARRAY) {
      if (depth >= NESTING_LIMIT) throw broken("lists are nested too deep");
      const inner = u32();
      const count = u64();
      if (count > ID_LIMIT) throw broken(`a list has ${count} entries`, String(ID_LIMIT));
      return Array.from({ length: count }, () => value(inner, depth + 1));
    }
    return numberAt(view, take(width(type)), type);
  }
  /** A list of texts, each looked at and none kept. */
  function texts(): GgufTexts {
    if (u32() !== STRING) throw broken("a list of texts is expected");
    const count = u64();
    if (count > ID_LIMIT) throw broken(`a list has ${count} entries`, String(ID_LIMIT));
    const start = at;
    for (let i = 0; i < count; i++) text();
    return new GgufTexts(bytes, start, count);
  }
  function skip(type: number, depth: number): void {
    if (type === STRING) {
      take(u64());
      return;
    }
    if (type !== ARRAY) {
      take(width(type));
      return;
    }
    if (depth >= NESTING_LIMIT) throw broken("lists are nested too deep");
    const inner = u32();
    const count = u64();
    if (inner === STRING || inner === ARRAY) for (let i = 0; i < count; i++) skip(inner, depth + 1);
    else take(count * width(inner));
  }

  const version = u32();
  if (version !== 2 && version !== 3) throw broken(`the GGUF file has version ${version}`);
  take(8);
  const count = u64();
  if (count > KEY_LIMIT) throw broken(`the file has ${count} entries`, String(KEY_LIMIT));
  const entries = new Map<string, GgufValue>();
  for (let i = 0; i < count; i++) {
    const key = text();
    const type = u32();
    if (key.startsWith(prefix))
      entries.set(
        key.slice(prefix.length),
        type === ARRAY && big.includes(key) ? texts() : value(type, 0),
      );
    else skip(type, 0);
  }
  return entries;
}

function numberAt(view: DataView, at: number, type: number): number | boolean {
  switch (type) {
    case 0:
      return view.getUint8(at);
    case 1:
      return view.getInt8(at);
    case 2:
      return view.getUint16(at, true);
    case 3:
      return view.getInt16(at, true);
    case 4:
      return view.getUint32(at, true);
    case 5:
      return view.getInt32(at, true);
    case 6:
      return view.getFloat32(at, true);
    case 7:
      return view.getUint8(at) !== 0;
    case 10:
      return Number(view.getBigUint64(at, true));
    case 11:
      return Number(view.getBigInt64(at, true));
    default:
      return view.getFloat64(at, true);
  }
}
