import { ArgumentError, FrugalError } from "@frugal/tensor/errors";
import fc from "fast-check";
import { encode, type ImageData } from "fast-png";
import jpeg from "jpeg-js";
import { describe, expect, test } from "vitest";
import { decodePicture } from "./decode.js";

/** A JPEG of 9 x 7 pixels with chroma halved both ways, and its pixels as Pillow 13.0.0 (libjpeg-turbo) gives them. */
const HALVED_JPEG = [
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJ",
  "BwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoK",
  "CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAHAAkDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAA",
  "AAYJ/8QAIRAAAAUCBwAAAAAAAAAAAAAAAAEDBQgGBxETGCFRV5T/xAAVAQEBAAAAAAAAAAAAAAAAAAAEB//EAB4R",
  "AAIBBQEBAQAAAAAAAAAAAAEDAgQFERIhBgAx/9oADAMBAAIRAxEAPwCZi5cWP0kJTNNIRfolxptVVI8FHdfNIj24",
  "GiWh+/XZDV5jAAW8eJtPq1096rGNi+oWJsK2SWJSyRsRHmcAd+oL0XOr8pZdrjVDSnERq9kcgSkcnB6e/p+//9k=",
].join("");
const HALVED_PIXELS = [
  "ZTy2eDmimy12uiRH3iEd9j4i9WlO94dv9o6BY17EdVmwlkWIszVa0i0r5kgr3XRH15Fd1Jxpb7fxgKnfnYa8sGSI",
  "wktPxV06qYY1laM0iLExfuz5jtnuparQrnyhtldrs2JPkYk+e6gzbLcpT7iZYKiaeoGUi1uDn0JvsVxzp5Jzo7p0",
  "ncxwD2gwI189Q0NLYC1YiSVrs1SOyJ6o19G52eS8CUoKGUIYNSouVRpIgRhtt0mg3JfG9szk/N3s",
].join("");

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

async function errorOf(bytes: Uint8Array): Promise<string> {
  try {
    await decodePicture(bytes);
  } catch (error) {
    if (FrugalError.is(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

const png = (image: Partial<ImageData>): Uint8Array =>
  encode({ width: 2, height: 2, data: new Uint8Array(0), depth: 8, channels: 3, ...image });

/** Replaces a run of bytes and mends the checksum of the chunk that begins at `chunk`. */
function patched(
  file: Uint8Array,
  at: number,
  bytes: readonly number[],
  chunk: number,
): Uint8Array {
  const copy = file.slice();
  copy.set(bytes, at);
  const view = new DataView(copy.buffer);
  const end = chunk + 8 + view.getUint32(chunk);
  let crc = 0xffffffff;
  for (let i = chunk + 4; i < end; i++) {
    crc ^= copy[i] as number;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  view.setUint32(end, ~crc >>> 0);
  return copy;
}

const HEADER = 8;

describe("PNG", () => {
  const rgb = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7]);
  const spread = (greys: number[]) => Uint8Array.from(greys.flatMap((grey) => [grey, grey, grey]));

  test.each<[string, Partial<ImageData>, Uint8Array]>([
    ["RGB", { data: rgb }, rgb],
    [
      "RGBA, whose alpha is dropped",
      {
        channels: 4,
        data: Uint8Array.from([255, 0, 0, 0, 0, 255, 0, 9, 0, 0, 255, 255, 9, 8, 7, 1]),
      },
      rgb,
    ],
    ["grey", { channels: 1, data: Uint8Array.of(0, 1, 128, 255) }, spread([0, 1, 128, 255])],
    [
      "grey with alpha",
      { channels: 2, data: Uint8Array.of(0, 7, 1, 7, 128, 7, 255, 7) },
      spread([0, 1, 128, 255]),
    ],
    ["16 bits", { depth: 16, data: Uint16Array.from(rgb, (value) => value * 256 + 200) }, rgb],
  ])("reads %s", async (_, image, expected) => {
    expect(await decodePicture(png(image))).toEqual({ width: 2, height: 2, data: expected });
    expect((await decodePicture(encode(png2(image), { interlace: "Adam7" }))).data).toEqual(
      expected,
    );
  });

  const png2 = (image: Partial<ImageData>): ImageData => ({
    width: 2,
    height: 2,
    data: new Uint8Array(0),
    depth: 8,
    channels: 3,
    ...image,
  });

  test("reads packed greys and palettes, row by row", async () => {
    const packed = png({
      width: 3,
      height: 2,
      depth: 2,
      channels: 1,
      data: Uint8Array.of(0x1b, 0xe4),
    });
    const greys = await decodePicture(packed);
    expect(greys.data).toEqual(spread([0, 85, 170, 255, 170, 85]));
    const palette = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const image = {
      width: 3,
      height: 1,
      depth: 1 as const,
      channels: 1,
      data: Uint8Array.of(0x40),
    };
    const painted = await decodePicture(encode({ ...image, palette }));
    expect([...painted.data]).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3]);
    const missing = encode({ ...image, palette: [[1, 2, 3]] });
    expect(await errorOf(missing)).toMatch(/^FormatError.*color 1 of a palette of 1/);
  });

  test("refuses sizes above the limits before it inflates anything", async () => {
    const file = png({ data: rgb });
    const sized = (width: number, height: number) => {
      const size = new Uint8Array(8);
      new DataView(size.buffer).setUint32(0, width);
      new DataView(size.buffer).setUint32(4, height);
      return patched(file, HEADER + 8, [...size], HEADER);
    };
    expect(await errorOf(sized(0, 2))).toMatch(/^FormatError.*0 x 2/);
    expect(await errorOf(sized(40_000, 1))).toMatch(/^FormatError.*MAX_SIDE/);
    expect(await errorOf(sized(30_000, 30_000))).toMatch(/^FormatError.*MAX_PIXELS/);
    expect(await errorOf(sized(2, 3))).toMatch(/^FormatError.*inflates to 14 bytes, must be 21/);
    expect(await errorOf(sized(2, 1))).toMatch(/^FormatError.*inflates to more than the 7 bytes/);
  });

  test("stops a bomb at the size that the header gives", async () => {
    const bomb = png({ width: 4000, height: 4000, data: new Uint8Array(48_000_000) });
    const small = patched(bomb, HEADER + 8, [0, 0, 0, 1, 0, 0, 0, 1], HEADER);
    expect(small.length).toBeLessThan(100_000);
    expect(await errorOf(small)).toMatch(/^FormatError.*more than the 4 bytes/);
  });

  test("refuses damaged files", async () => {
    const file = png({ data: rgb });
    expect(await errorOf(file.slice(0, 40))).toMatch(/^FormatError.*(ends within|beyond)/);
    const flipped = file.slice();
    flipped[HEADER + 8 + 3] = 3;
    expect(await errorOf(flipped)).toMatch(/^FormatError/);
    expect(await errorOf(patched(file, HEADER + 17, [5], HEADER))).toMatch(
      /^FormatError.*color type 5/,
    );
    expect(
      await errorOf(patched(file, HEADER + 4, [...new TextEncoder().encode("ABCD")], HEADER)),
    ).toMatch(/^FormatError.*header is missing/);
  });
});

describe("JPEG", () => {
  const gradient = Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : ((i >> 2) % 16) * 8 + (i >> 6) * 4,
  );
  const file = new Uint8Array(jpeg.encode({ width: 16, height: 16, data: gradient }, 95).data);

  test("reads a picture to within three levels", async () => {
    const { width, height, data } = await decodePicture(file);
    expect([width, height, data.length]).toEqual([16, 16, 768]);
    const worst = data.reduce((w, value, i) => {
      return Math.max(w, Math.abs(value - (gradient[Math.floor(i / 3) * 4 + (i % 3)] as number)));
    }, 0);
    expect(worst).toBeLessThanOrEqual(3);
  });

  test("smooths halved chroma as libjpeg does, to within three levels", async () => {
    const { width, height, data } = await decodePicture(bytesOf(HALVED_JPEG));
    expect([width, height]).toEqual([9, 7]);
    const expected = bytesOf(HALVED_PIXELS);
    expect(
      Math.max(...data.map((value, i) => Math.abs(value - (expected[i] as number)))),
    ).toBeLessThanOrEqual(3);
  });

  const frame = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
  const withBytes = (at: number, ...bytes: number[]): Uint8Array => {
    const copy = file.slice();
    copy.set(bytes, at);
    return copy;
  };

  test("names what it does not read", async () => {
    expect(await errorOf(withBytes(frame + 1, 0xc3))).toMatch(/^CapabilityError.*lossless/);
    expect(await errorOf(withBytes(frame + 4, 12))).toMatch(/^CapabilityError.*12 bits/);
  });

  test("refuses damaged files and those above the limits", async () => {
    expect(await errorOf(withBytes(frame + 5, 0xff, 0xff, 0, 1))).toMatch(/^FormatError.*MAX_SIDE/);
    expect(await errorOf(withBytes(frame + 5, 0x70, 0, 0x70, 0))).toMatch(
      /^FormatError.*MAX_PIXELS/,
    );
    expect(await errorOf(withBytes(frame + 11, 0x51))).toMatch(/^FormatError.*sampling factor/);
    expect(await errorOf(withBytes(frame + 13, file[frame + 10] as number))).toMatch(
      /^FormatError.*one name/,
    );
    expect(await errorOf(file.slice(0, frame + 40))).toMatch(/^FormatError/);
    expect(await errorOf(file.slice(0, file.length - 20))).toMatch(/^FormatError/);
    const scans = new Uint8Array(file.length + 404).fill(0);
    scans.set(file);
    for (let i = 0; i < 202; i++) scans.set([0xff, 0xda], file.length + 2 * i);
    expect(await errorOf(scans)).toMatch(/^FormatError.*MAX_SCANS/);
  });
});

test("refuses what is no picture", async () => {
  await expect(decodePicture("a.png" as never)).rejects.toThrow(ArgumentError);
  expect(await errorOf(new Uint8Array(0))).toMatch(/^CapabilityError.*nothing/);
  expect(await errorOf(new TextEncoder().encode("GIF89a"))).toMatch(
    /^CapabilityError.*47 49 46 38/,
  );
});

test("survives any mutation of either format", async () => {
  const files = [png({ data: Uint8Array.from({ length: 12 }, (_, i) => i) }), bytesOf(HALVED_JPEG)];
  const mutation = fc.tuple(fc.nat(700), fc.nat(255));
  const property = fc.asyncProperty(
    fc.constantFrom(...files),
    fc.array(mutation, { minLength: 1, maxLength: 5 }),
    fc.option(fc.nat(700)),
    async (file, mutations, cut) => {
      const bytes = file.slice(0, cut ?? file.length);
      for (const [at, value] of mutations) if (at < bytes.length) bytes[at] = value;
      expect(await errorOf(bytes)).toMatch(/^(accepted|FormatError|CapabilityError)/);
    },
  );
  await fc.assert(property, { numRuns: 300, seed: 5 });
});
