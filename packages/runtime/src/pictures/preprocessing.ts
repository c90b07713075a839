/**
 * Reads preprocessor_config.json: what is done to a picture before the encoder sees it.
 *
 * Units    sizes in pixels
 * Differs  defaults are those of transformers' classes, by `image_processor_type`
 * Errors   FormatError for a value that is none or outside its limit; CapabilityError for a processor that is not built
 */
import { CapabilityError } from "@frugal/tensor/errors";
import { Fields, type Range } from "../files/fields.js";
import type { ResizeFilter } from "./resize.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Preprocessing {
  /** A number: the shorter side becomes that long. Absent: the picture keeps its size. */
  readonly resize?: Size | number;
  readonly filter: ResizeFilter;
  /** Cut from the middle. */
  readonly crop?: Size;
  /** RGB of the border that makes the picture square before anything else. */
  readonly padColor?: readonly number[];
  /** Factor of the pixels, as a rule 1/255. */
  readonly scale: number;
  /** [3] each; absent: not normalized. */
  readonly mean?: readonly number[];
  readonly deviation?: readonly number[];
}

interface Defaults {
  readonly size: number | Size;
  readonly crop?: number;
  readonly resample: number;
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly pads?: boolean;
}

const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073];
const CLIP_DEVIATION = [0.26862954, 0.26130258, 0.27577711];
const HALVES = [0.5, 0.5, 0.5];
const CLIP: Defaults = {
  size: 224,
  crop: 224,
  resample: 3,
  mean: CLIP_MEAN,
  deviation: CLIP_DEVIATION,
};
const SQUARE = { width: 224, height: 224 };

/** By the name of the class, without `ImageProcessor`, `ImageProcessorFast` or `FeatureExtractor`. */
const PROCESSORS: Readonly<Record<string, Defaults>> = {
  CLIP,
  Bit: CLIP,
  Llava: { ...CLIP, pads: false },
  ViT: { size: SQUARE, resample: 2, mean: HALVES, deviation: HALVES },
  Siglip: { size: SQUARE, resample: 3, mean: HALVES, deviation: HALVES },
  DeiT: {
    size: { width: 256, height: 256 },
    crop: 224,
    resample: 3,
    mean: HALVES,
    deviation: HALVES,
  },
};

/** Pillow's numbers. */
const FILTERS: readonly ResizeFilter[] = [
  "nearest",
  "lanczos",
  "bilinear",
  "bicubic",
  "box",
  "hamming",
];
/** Four times the largest input of published encoders. */
const SIDE: Range = { least: 1, most: 4096, limit: "MAX_IMAGE_SIZE = 4096" };
const SCALE: Range = { least: 1e-9, most: 1e9 };
const MEAN: Range = { least: -1e6, most: 1e6 };

export function readPreprocessing(json: unknown): Preprocessing {
  const fields = new Fields(json, "preprocessor_config");
  const defaults = defaultsOf(fields);
  const crops = fields.flag("do_center_crop", defaults.crop !== undefined);
  const normalizes = fields.flag("do_normalize", true);
  const mean = fields.numbers("image_mean", MEAN, 3, defaults.mean);
  const pads = defaults.pads !== undefined && fields.flag("do_pad", defaults.pads);
  return {
    filter: filterOf(fields, defaults),
    scale: fields.flag("do_rescale", true) ? fields.number("rescale_factor", SCALE, 1 / 255) : 1,
    ...(fields.flag("do_resize", true) ? { resize: sizeOf(fields, defaults) } : {}),
    ...(crops ? { crop: cropOf(fields, defaults) } : {}),
    ...(pads ? { padColor: mean.map((value) => Math.trunc(value * 255)) } : {}),
    ...(normalizes
      ? { mean, deviation: fields.numbers("image_std", SCALE, 3, defaults.deviation) }
      : {}),
  };
}

function defaultsOf(fields: Fields): Defaults {
  const old = fields.text("feature_extractor_type", "CLIPImageProcessor");
  const type = fields.text("image_processor_type", old);
  const name = type.replace(/(?:ImageProcessor(?:Fast)?|FeatureExtractor)$/, "");
  if (Object.hasOwn(PROCESSORS, name)) return PROCESSORS[name] as Defaults;
  throw new CapabilityError(
    "preprocessor_config",
    [`image_processor_type ${JSON.stringify(type.slice(0, 80))}`],
    `Known: ${Object.keys(PROCESSORS).join(", ")}`,
  );
}

function filterOf(fields: Fields, { resample }: Defaults): ResizeFilter {
  const most = FILTERS.length - 1;
  return FILTERS[fields.count("resample", { least: 0, most }, resample)] as ResizeFilter;
}

/** A bare number means the shorter side where the default does, a square elsewhere. */
function sizeOf(fields: Fields, { size }: Defaults): Size | number {
  const value = fields.raw("size");
  if (value === undefined) return size;
  if (typeof value === "number") {
    const side = fields.count("size", SIDE);
    return typeof size === "number" ? side : { width: side, height: side };
  }
  const inner = fields.inner("size");
  if (inner.has("shortest_edge")) {
    inner.refuse("longest_edge");
    return inner.count("shortest_edge", SIDE);
  }
  return { width: inner.count("width", SIDE), height: inner.count("height", SIDE) };
}

function cropOf(fields: Fields, { crop }: Defaults): Size {
  const value = fields.raw("crop_size");
  if (value === undefined || typeof value === "number") {
    const side = fields.count("crop_size", SIDE, crop);
    return { width: side, height: side };
  }
  const inner = fields.inner("crop_size");
  return { width: inner.count("width", SIDE), height: inner.count("height", SIDE) };
}
