import { FrugalError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_HEADER_BYTES, readSafetensors } from "./safetensors.js";

const text = new TextEncoder();

/** A file from a header (value or raw text) and data. */
export function fileOf(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const json =
    header instanceof Uint8Array
      ? header
      : text.encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

const bytesOf = (...arrays: ArrayBufferView[]): Uint8Array =>
  Uint8Array.from(arrays.flatMap((a) => [...new Uint8Array(a.buffer, a.byteOffset, a.byteLength)]));

function errorOf(run: () => unknown): FrugalError & { offset?: number } {
  try {
    run();
  } catch (error) {
    if (FrugalError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const MIXED = fileOf(
  {
    __metadata__: { format: "pt" },
    "layer.weight": entry("F32", [2, 2], 0, 16),
    ids: entry("I64", [2], 16, 32),
    half: entry("F16", [1], 32, 34),
    brain: entry("BF16", [1], 34, 36),
    flags: entry("BOOL", [3], 36, 39),
    empty: entry("I32", [0, 7], 39, 39),
    byte: entry("U8", [], 39, 40),
  },
  bytesOf(
    Float32Array.of(1, -2, 0.5, 3e8),
    BigInt64Array.of(-5n, 2n ** 40n),
    Uint16Array.of(0x3c00, 0x3f80),
    Uint8Array.of(1, 0, 1, 200),
  ),
);

describe("readSafetensors", () => {
  test("reads every type, the metadata and the order", () => {
    const { tensors, metadata } = readSafetensors(MIXED);
    expect(metadata.get("format")).toBe("pt");
    expect([...tensors.keys()]).toEqual([
      "layer.weight",
      "ids",
      "half",
      "brain",
      "flags",
      "empty",
      "byte",
    ]);
    expect(tensors.get("layer.weight")?.data).toEqual(Float32Array.of(1, -2, 0.5, 3e8));
    expect(tensors.get("layer.weight")?.dims).toEqual([2, 2]);
    expect(tensors.get("ids")?.data).toEqual(BigInt64Array.of(-5n, 2n ** 40n));
    expect(tensors.get("half")).toMatchObject({ type: "float16", dims: [1] });
    expect(tensors.get("brain")?.data).toEqual(Uint16Array.of(0x3f80));
    expect(tensors.get("brain")?.type).toBe("bfloat16");
    expect(tensors.get("flags")?.data).toEqual(Uint8Array.of(1, 0, 1));
    expect(tensors.get("empty")?.data).toEqual(new Int32Array(0));
    expect(tensors.get("byte")?.data).toEqual(Uint8Array.of(200));
  });

  test("views aligned data in place and copies the rest", () => {
    const aligned = fileOf(
      `${JSON.stringify({ a: entry("U8", [4], 0, 4) })}   `,
      Uint8Array.of(1, 2, 3, 4),
    );
    const view = readSafetensors(aligned).tensors.get("a")?.data as Uint8Array;
    expect(view.buffer).toBe(aligned.buffer);
    for (let shift = 0; shift < 8; shift++) {
      const shifted = new Uint8Array(MIXED.length + shift);
      shifted.set(MIXED, shift);
      const { tensors } = readSafetensors(shifted.subarray(shift));
      expect(tensors.get("layer.weight")?.data).toEqual(Float32Array.of(1, -2, 0.5, 3e8));
      expect(tensors.get("ids")?.data).toEqual(BigInt64Array.of(-5n, 2n ** 40n));
    }
  });

  const four = new Uint8Array(4);
  const refused: Record<string, [Uint8Array, RegExp]> = {
    "an empty file": [new Uint8Array(0), /0 bytes has no header/],
    "a header beyond the file": [fileOf("{}").subarray(0, 9), /a header of 2 bytes in a file of 9/],
    "no object": [fileOf("[]"), /does not begin with/],
    "an unknown type": [fileOf({ a: entry("F33", [1], 0, 4) }, four), /no type of that name/],
    "a shape that is none": [fileOf({ a: entry("F32", [-1], 0, 4) }, four), /no list of sizes/],
    "a fractional shape": [fileOf({ a: entry("F32", [0.5], 0, 4) }, four), /no list of sizes/],
    "a huge product": [
      fileOf({ a: entry("F32", [2 ** 50, 2 ** 50], 0, 4) }, four),
      /the shape needs/,
    ],
    "a wrong size": [fileOf({ a: entry("F32", [2], 0, 4) }, four), /the shape needs 8/],
    "data outside the file": [fileOf({ a: entry("F32", [2], 0, 8) }, four), /outside the file/],
    "offsets in reverse": [fileOf({ a: entry("F32", [1], 4, 0) }, four), /outside the file/],
    "three offsets": [
      fileOf({ a: { dtype: "F32", shape: [1], data_offsets: [0, 4, 4] } }, four),
      /no pair/,
    ],
    overlaps: [
      fileOf({ a: entry("F32", [1], 0, 4), b: entry("U8", [1], 3, 4) }, four),
      /"b" overlaps/,
    ],
    "the same span twice": [
      fileOf({ a: entry("F32", [1], 0, 4), b: entry("F32", [1], 0, 4) }, four),
      /overlaps/,
    ],
    "a hole": [fileOf({ a: entry("U8", [1], 1, 2) }, new Uint8Array(2)), /leaves a hole/],
    "bytes at the end": [fileOf({ a: entry("U8", [1], 0, 1) }, four), /3 bytes behind/],
    "a key twice": [
      fileOf(`{"a":${JSON.stringify(entry("U8", [1], 0, 1))},"a":1}`, new Uint8Array(1)),
      /"a" twice/,
    ],
    "a prototype": [fileOf('{"__proto__":{}}'), /__proto__/],
    "an entry that is none": [fileOf({ a: 3 }), /is no object/],
    "metadata with numbers": [fileOf({ __metadata__: { a: 3 } }), /no text/],
    "deep nesting": [fileOf(`{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`), /too deep/],
    "broken UTF-8": [fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)), /not UTF-8 at byte 10/],
    "broken JSON": [fileOf('{"a":}'), /not a JSON value at byte 13/],
    "17 axes": [fileOf({ a: entry("U8", Array(17).fill(1), 0, 1) }, four), /17 axes.*MAX_RANK/],
  };
  for (const [name, [bytes, message]] of Object.entries(refused)) {
    test(`refuses ${name}`, () => {
      const error = errorOf(() => readSafetensors(bytes));
      expect(error.code).toBe("FormatError");
      expect(error.message).toMatch(message);
      expect(error.offset).toBeTypeOf("number");
    });
  }

  test("refuses a header length above the limit before it reads any of it", () => {
    const bytes = fileOf("{}");
    new DataView(bytes.buffer).setUint32(4, 0xffff, true);
    const error = errorOf(() => readSafetensors(bytes));
    expect(error.message).toContain(`MAX_HEADER_BYTES = ${MAX_HEADER_BYTES}`);
  });

  test("names a type that has no typed array", () => {
    const file = fileOf({ a: entry("F8_E4M3", [4], 0, 4) }, four);
    expect(errorOf(() => readSafetensors(file)).code).toBe("CapabilityError");
  });

  test("survives any mutation: a typed error, or tensors that lie within the file", () => {
    const mutation = fc.oneof(
      fc.record({
        kind: fc.constant("set" as const),
        at: fc.nat(MIXED.length - 1),
        value: fc.nat(255),
      }),
      fc.record({
        kind: fc.constant("cut" as const),
        at: fc.nat(MIXED.length),
        value: fc.nat(255),
      }),
      fc.record({
        kind: fc.constant("digit" as const),
        at: fc.nat(MIXED.length - 1),
        value: fc.constantFrom(...text.encode('0123456789[]{}",:-e')),
      }),
    );
    let errors = 0;
    const property = fc.property(
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (mutations) => {
        let bytes = MIXED.slice();
        for (const { kind, at, value } of mutations) {
          if (kind === "cut") bytes = bytes.slice(0, Math.min(at, bytes.length));
          else bytes[kind === "digit" ? 8 + (at % 400) : at] = value;
        }
        try {
          for (const { dims, data } of readSafetensors(bytes).tensors.values()) {
            expect(data.length).toBe(dims.reduce((a, b) => a * b, 1));
            expect(data.byteLength).toBeLessThanOrEqual(bytes.length);
          }
        } catch (error) {
          if (!FrugalError.is(error)) throw error;
          expect(["FormatError", "CapabilityError"]).toContain(error.code);
          errors++;
        }
      },
    );
    fc.assert(property, { numRuns: 600, seed: 1 });
    expect(errors).toBeGreaterThan(100);
  });
});
