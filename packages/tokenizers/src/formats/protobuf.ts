/**
 * Reads the wire format of Protocol Buffers, field by field.
 *
 * Cost     one pass; nothing is copied
 * Errors   FormatError with the byte: cut short, a number of more than ten bytes, a wire type that is not in use
 */
import { FormatError } from "@frugal/tensor/errors";

export interface Field {
  readonly number: number;
  /** Varints and numbers of fixed width; varints above 2^53 lose their low bits. */
  readonly value: number;
  /** Of a field with a length, otherwise empty. */
  readonly bytes: Uint8Array;
  /** Of a field of four bytes, as a float. */
  readonly float: number;
}

const EMPTY = new Uint8Array(0);

/** Calls `onField` for each field of a message, in order. */
export function eachField(message: Uint8Array, onField: (field: Field) => void): void {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const broken = (problem: string): FormatError =>
    new FormatError("loadTokenizer", problem, { offset: message.byteOffset + at });
  const varint = (): number => {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      if (at >= message.length) throw broken("a message ends inside a field");
      const byte = message[at++]!;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw broken("a number has more than ten bytes");
  };
  const need = (count: number): void => {
    if (count > message.length - at) throw broken("a message ends inside a field");
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        onField({ number, value: varint(), bytes: EMPTY, float: 0 });
        break;
      case 1:
        need(8);
        onField({ number, value: 0, bytes: message.subarray(at, at + 8), float: 0 });
        at += 8;
        break;
      case 2: {
        const length = varint();
        need(length);
        onField({ number, value: 0, bytes: message.subarray(at, at + length), float: 0 });
        at += length;
        break;
      }
      case 5:
        need(4);
        onField({
          number,
          value: view.getUint32(at, true),
          bytes: EMPTY,
          float: view.getFloat32(at, true),
        });
        at += 4;
        break;
      default:
        throw broken(`a field has the wire type ${tag % 8}`);
    }
  }
}

/** A varint of 32 bits with a sign. */
export const signed = (value: number): number => Number(BigInt.asIntN(32, BigInt(value)));

export function textOf(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError("loadTokenizer", `${what} is not UTF-8`, {
      offset: bytes.byteOffset,
      cause,
    });
  }
}
