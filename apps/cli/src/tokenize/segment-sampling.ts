/** The best segmentations, sampled ones, and BPE with merges left out. */
import type { Tokenizer } from "@frugal/tokenizers";
import { type DropoutVariant, nBest, withDropout, withSampling } from "@frugal/tokenizers/segment";
import { usage } from "../failure.js";
import { type MethodContext, numberOf } from "./methods.js";
import type { Segmentation, Segmenter } from "./segment.js";

const PLAIN = { addSpecialTokens: false, surfaces: true } as const;
const SAMPLE_LIMIT = 10_000;

/** As many encodings as the key `samples` asks for. */
function drawn(tokenizer: Tokenizer, text: string, context: MethodContext): Segmentation[] {
  const count = numberOf(context, "samples", 1);
  if (!Number.isInteger(count) || count < 1 || count > SAMPLE_LIMIT)
    throw usage(`samples is a count in 1..${SAMPLE_LIMIT}`);
  return Array.from({ length: count }, () => {
    const { ids, surfaces } = tokenizer.encodeInput({ text }, PLAIN);
    return { pieces: surfaces!, ids };
  });
}

export const SAMPLING_SEGMENTERS: readonly Segmenter[] = [
  {
    name: "n-best",
    about: "the most probable segmentations of a Unigram model: count=10",
    async run(text, context) {
      const found = nBest(await context.tokenizer(), text, numberOf(context, "count", 10), PLAIN);
      return found.map(({ ids, surfaces, score }) => ({ pieces: surfaces!, ids, score }));
    },
  },
  {
    name: "sample",
    about: "segmentations drawn from a Unigram model: alpha=0.1, samples=1, count=N of the best",
    async run(text, context) {
      const { options, random } = context;
      const tokenizer = withSampling(await context.tokenizer(), {
        alpha: numberOf(context, "alpha", 0.1),
        ...(options.count === undefined ? {} : { count: numberOf(context, "count", 1) }),
        random,
      });
      return drawn(tokenizer, text, context);
    },
  },
  {
    name: "dropout",
    about: "BPE with merges left out: p=0.1, samples=1, variant=paper|hugging-face|sentencepiece",
    async run(text, context) {
      const { options, random } = context;
      const tokenizer = withDropout(await context.tokenizer(), numberOf(context, "p", 0.1), {
        ...(options.variant === undefined ? {} : { variant: options.variant as DropoutVariant }),
        random,
      });
      return drawn(tokenizer, text, context);
    },
  },
];
