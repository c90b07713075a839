import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { zipOf } from "../../test/zip-of.js";
import { readZip } from "./zip.js";

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const all = () => true;
const archive = () =>
  zipOf([
    { name: "a/", content: "" },
    { name: "a/one.txt", content: "one ".repeat(500) },
    { name: "a/two.txt", content: "zwei", stored: true },
  ]);

describe("readZip", () => {
  test("unpacks what is wanted, packed and stored; folders are no files", () => {
    const files = readZip(archive(), all);
    expect(files.map(({ name, bytes }) => [name, text(bytes)])).toEqual([
      ["a/one.txt", "one ".repeat(500)],
      ["a/two.txt", "zwei"],
    ]);
    expect(readZip(archive(), (name) => name.includes("two"))).toHaveLength(1);
  });

  test("a comment may stand behind the directory, an archive may stand inside a buffer", () => {
    const plain = archive();
    const longer = new Uint8Array(plain.length + 9);
    longer.set(plain, 3);
    expect(readZip(longer.subarray(3), all)).toHaveLength(2);
  });

  const at = (change: (data: DataView, bytes: Uint8Array) => void): Uint8Array => {
    const bytes = archive();
    change(new DataView(bytes.buffer), bytes);
    return bytes;
  };
  const directory = (bytes: DataView) => bytes.getUint32(bytes.byteLength - 6, true);
  /** Of the first file: the entry behind that of the folder. */
  const entry = (data: DataView) => directory(data) + 46 + 2;

  test.each([
    ["no archive", new Uint8Array(40), /is no zip archive/],
    ["nothing", new Uint8Array(0), /is no zip archive/],
    [
      "a directory elsewhere",
      at((data) => data.setUint32(data.byteLength - 6, 9, true)),
      /no entry/,
    ],
    [
      "more entries than there are",
      at((data) => data.setUint16(data.byteLength - 12, 9, true)),
      /no entry/,
    ],
    [
      "an encrypted file",
      at((data) => data.setUint16(entry(data) + 8, 1, true)),
      /one\.txt is encrypted/,
    ],
    [
      "another packing",
      at((data) => data.setUint16(entry(data) + 10, 12, true)),
      /packed another way/,
    ],
    ["a wrong sum", at((data) => data.setUint32(entry(data) + 16, 1, true)), /one\.txt is damaged/],
    [
      "a wrong length",
      at((data) => data.setUint32(entry(data) + 24, 7, true)),
      /one\.txt cannot be unpacked/,
    ],
    [
      "a length past the limit",
      at((data) => data.setUint32(entry(data) + 24, 2 ** 31, true)),
      /too long/,
    ],
    ["a file cut off", at((data) => data.setUint32(entry(data) + 20, 2 ** 20, true)), /cut off/],
    [
      "a file elsewhere",
      at((data) => data.setUint32(entry(data) + 42, 5, true)),
      /not where it is told/,
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readZip(bytes, all)).toThrow(message);
  });

  test("unpacks no more than it was told", () => {
    const bomb = zipOf([
      { name: "x.txt", content: "a", packed: deflateRawSync(Buffer.alloc(1 << 22)) },
    ]);
    expect(() => readZip(bomb, all)).toThrow(/x\.txt cannot be unpacked/);
  });
});
