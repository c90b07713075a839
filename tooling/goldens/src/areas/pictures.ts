/** Cases around pictures: their preparation, and the generators of the reference models' tasks. */
import { questions, scene, withNotes } from "@frugal/reference-models";
import { decodePicture, preprocess, readPreprocessing } from "@frugal/runtime";
import {
  type CaseRunner,
  type GoldenCase,
  isTensor,
  MissingError,
  numberOf,
  textOf,
} from "../types.js";

/** Pillow's numbers of its filters. */
const RESAMPLE = { nearest: 0, lanczos: 1, bilinear: 2, bicubic: 3, box: 4, hamming: 5 } as const;

export const pictureCases: Record<string, CaseRunner> = {
  "image-preprocess": async (golden, context) => {
    const { params } = golden;
    const resample = textOf(params.resample);
    if (!(resample in RESAMPLE)) throw new MissingError(`resample ${resample}`);
    const preprocessing = readPreprocessing({
      image_processor_type: "CLIPImageProcessor",
      size: { width: numberOf(params.width), height: numberOf(params.height) },
      resample: RESAMPLE[resample as keyof typeof RESAMPLE],
      do_center_crop: false,
      rescale_factor: numberOf(params.rescale),
      image_mean: params.mean,
      image_std: params.std,
    });
    const picture = await decodePicture(await pictureBytes(golden, context));
    return { pixelValues: preprocess(picture, preprocessing) };
  },

  scene: async ({ params }) => {
    const seed = numberOf(params.seed);
    const drawn = scene(seed);
    return {
      pixels: drawn.pixels,
      objects: drawn.objects.map(({ color, shape, row, col }) => ({ color, shape, row, col })),
      asked: questions(drawn, seed, numberOf(params.questions)),
    };
  },

  notes: async ({ params, inputs }) => {
    const { paragraphs } = inputs;
    if (!Array.isArray(paragraphs)) throw new MissingError("a case without paragraphs");
    const texts = paragraphs.map((paragraph) => textOf(paragraph));
    const { text, asked } = withNotes(texts, numberOf(params.seed), numberOf(params.count));
    return { text, asked };
  },
};

/** The case's picture file, named `file:PATH` within the area. */
async function pictureBytes(
  { inputs }: GoldenCase,
  context: Parameters<CaseRunner>[1],
): Promise<Uint8Array> {
  const { picture } = inputs;
  if (isTensor(picture)) throw new MissingError("a picture that is no file");
  return context.file(textOf(picture).replace(/^file:/, ""));
}
