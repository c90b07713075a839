import { readFile } from "node:fs/promises";
import { modelDirectory, scene } from "@frugal/reference-models";
import { ArgumentError, CapabilityError, FormatError } from "@frugal/tensor/errors";
import { encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { preprocess, preprocessorOf, readPreprocessing } from "./index.js";
import type { Picture } from "./types.js";

const PLAIN = { do_resize: false, do_center_crop: false, do_rescale: false, do_normalize: false };

/** Grey pixels counted from 1, so that the border's 0 shows. */
const counted = (width: number, height: number): Picture => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => 1 + Math.floor(i / 3)),
});
const firstPlane = (picture: Picture, config: object): [number[], number[]] => {
  const { dims, data } = preprocess(picture, readPreprocessing({ ...PLAIN, ...config }));
  return [[...dims], [...data.subarray(0, data.length / 3)]];
};

describe("preprocess", () => {
  test("rescales and normalizes, one rounding a step, planes apart", () => {
    const picture = { width: 1, height: 1, data: Uint8Array.of(0, 51, 255) };
    const config = {
      ...PLAIN,
      do_rescale: true,
      do_normalize: true,
      image_mean: [0.5, 0.25, 0.5],
      image_std: [0.5, 0.5, 0.25],
    };
    const { dims, data } = preprocess(picture, readPreprocessing(config));
    expect(dims).toEqual([3, 1, 1]);
    expect([...data]).toEqual([-1, Math.fround((Math.fround(0.2) - 0.25) / 0.5), 2]);
  });

  test("cuts the middle, the upper left one where it is uneven", () => {
    const cut = (width: number, height: number) => ({
      do_center_crop: true,
      crop_size: { width, height },
    });
    expect(firstPlane(counted(3, 3), cut(1, 1))).toEqual([[3, 1, 1], [5]]);
    expect(firstPlane(counted(4, 1), cut(1, 1))).toEqual([[3, 1, 1], [2]]);
    expect(firstPlane(counted(1, 1), cut(3, 3))).toEqual([
      [3, 3, 3],
      [0, 0, 0, 0, 1, 0, 0, 0, 0],
    ]);
    expect(firstPlane(counted(2, 1), cut(3, 1))).toEqual([
      [3, 1, 3],
      [0, 1, 2],
    ]);
    expect(firstPlane(counted(3, 1), cut(1, 2))).toEqual([
      [3, 2, 1],
      [0, 2],
    ]);
  });

  test("brings the shorter side to its size and cuts the longer off", () => {
    const resized = (width: number, height: number) =>
      firstPlane(counted(width, height), { do_resize: true, size: { shortest_edge: 5 } })[0];
    expect(resized(7, 10)).toEqual([3, 7, 5]);
    expect(resized(10, 7)).toEqual([3, 5, 7]);
    expect(resized(4, 4)).toEqual([3, 5, 5]);
  });

  test("pads to a square with the mean color where LLaVA's processor does", () => {
    const config = {
      image_processor_type: "LlavaImageProcessor",
      do_pad: true,
      image_mean: [0.5, 0, 0],
    };
    expect(firstPlane(counted(1, 3), config)).toEqual([
      [3, 3, 3],
      [127, 1, 127, 127, 2, 127, 127, 3, 127],
    ]);
    expect(firstPlane(counted(4, 1), config)[1].slice(4, 8)).toEqual([1, 2, 3, 4]);
  });

  test("refuses pictures that are none or would become too large", () => {
    const config = readPreprocessing({ ...PLAIN, do_resize: true, size: { shortest_edge: 4096 } });
    expect(() => preprocess(counted(1, 9), config)).toThrow(/MAX_PIXELS/);
    const bad = [
      { width: 1, height: 1, data: new Uint8Array(4) },
      { width: 0, height: 0, data: new Uint8Array(0) },
    ];
    for (const picture of bad) expect(() => preprocess(picture, config)).toThrow(ArgumentError);
  });
});

describe("readPreprocessing", () => {
  test("fills in the defaults of the processor", () => {
    expect(readPreprocessing({})).toEqual({
      resize: 224,
      crop: { width: 224, height: 224 },
      filter: "bicubic",
      scale: 1 / 255,
      mean: [0.48145466, 0.4578275, 0.40821073],
      deviation: [0.26862954, 0.26130258, 0.27577711],
    });
    expect(readPreprocessing({ image_processor_type: "ViTImageProcessorFast", size: 8 })).toEqual({
      resize: { width: 8, height: 8 },
      filter: "bilinear",
      scale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    });
    expect(
      readPreprocessing({ feature_extractor_type: "CLIPFeatureExtractor", size: 8 }).resize,
    ).toBe(8);
  });

  test.each([
    { size: { height: 0, width: 4 } },
    { size: { height: 1e9, width: 4 } },
    { size: "big" },
    { resample: 9 },
    { image_mean: [0.5] },
    { image_std: [0, 0, 0] },
    { rescale_factor: "1/255" },
    { do_resize: 1 },
  ])("refuses %j with a FormatError", (config) => {
    expect(() => readPreprocessing(config)).toThrow(FormatError);
  });

  test("names a processor that is not built", () => {
    expect(() => readPreprocessing({ image_processor_type: "Idefics3ImageProcessor" })).toThrow(
      CapabilityError,
    );
    expect(() => readPreprocessing({ image_processor_type: "toString" })).toThrow(CapabilityError);
    expect(() => readPreprocessing({ size: { shortest_edge: 4, longest_edge: 9 } })).toThrow(
      CapabilityError,
    );
  });
});

describe("preprocessorOf", () => {
  const read = async () =>
    JSON.parse(
      await readFile(new URL("preprocessor_config.json", modelDirectory("scenes")), "utf8"),
    ) as unknown;

  test("gives the same for pixels, a file and a Blob", async () => {
    const ready = preprocessorOf(await read(), 64);
    const { pixels } = scene(7);
    const file = encode({ width: 64, height: 64, data: pixels, depth: 8, channels: 3 });
    const values = await ready({ width: 64, height: 64, data: pixels });
    expect(values).toHaveLength(3 * 64 * 64);
    expect(values[64 * 64]).toBeCloseTo(((pixels[1] as number) / 255 - 0.5) / 0.5, 6);
    expect(await ready(file)).toEqual(values);
    expect(await ready(new Blob([file as Uint8Array<ArrayBuffer>]))).toEqual(values);
    await expect(ready("a.png" as never)).rejects.toThrow(ArgumentError);
  });

  test("refuses a config that does not make the encoder's size", async () => {
    const config = await read();
    expect(() => preprocessorOf(config, 32)).toThrow(FormatError);
    expect(() => preprocessorOf({ do_center_crop: false }, 224)).toThrow(/do not always become/);
  });
});
