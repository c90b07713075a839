/** Words of byte models, encoders without merges, and those of vocabularies that `train` writes as JSON. */
import { loadTokenizer, type Tokenizer } from "@frugal/tokenizers";
import {
  type BoundlessBpeModel,
  boundlessBpeEncoder,
  byteTokens,
  dynamicBpeMerge,
  type GreedyOptions,
  greedyEncoder,
  hatSplitter,
  libEncoder,
  type PathPieceOptions,
  type PickyBpeModel,
  pathPieceEncoder,
  pickyBpeEncoder,
  stochastokExpand,
  tokenExpansions,
  wordBoundary,
} from "@frugal/tokenizers/segment";
import { tokenizerFile } from "@frugal/tokenizers/train";
import { usage } from "../failure.js";
import type { MethodContext } from "./methods.js";
import { numberOf } from "./methods.js";
import type { Segmentation, Segmenter } from "./segment.js";

const named = (tokenizer: Tokenizer, ids: Uint32Array): readonly Segmentation[] => [
  { pieces: Array.from(ids, (id) => tokenizer.idToToken(id)!), ids },
];

/** What `train --method NAME` has written into the file that the key `model` names. */
async function modelOf(name: string, context: MethodContext): Promise<unknown> {
  const { model } = context.options;
  if (typeof model !== "string") throw usage(`${name} needs model=FILE, as train writes it`);
  const text = new TextDecoder().decode(await context.file(model));
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    throw usage(`${model} is not JSON`);
  }
  if ((found as { readonly type?: unknown } | null)?.type !== name)
    throw usage(`${model} is no vocabulary of train --method ${name}`);
  return found;
}

/** Stands for the vocabulary alone: its own way to encode is another. */
async function pathPieceTokenizer(context: MethodContext): Promise<Tokenizer> {
  const { vocabulary } = (await modelOf("path-piece", context)) as {
    readonly vocabulary?: unknown;
  };
  if (!Array.isArray(vocabulary) || !vocabulary.every((token) => typeof token === "string"))
    throw usage(`${context.options.model} has no list of tokens`);
  const model = { type: "BPE", vocabulary, merges: [] } as const;
  return loadTokenizer(tokenizerFile({ model, preTokenizer: BYTES, decoder: BYTES }));
}

const BYTES = { type: "ByteLevel", add_prefix_space: false };

export const VARIANT_SEGMENTERS: readonly Segmenter[] = [
  {
    name: "hat",
    about: "words of a hierarchical byte model, in any script",
    run: async (text) => [{ pieces: hatSplitter().split(text) }],
  },
  {
    name: "path-piece",
    about:
      "the fewest tokens of a byte-level vocabulary, or of train --method path-piece: maxLength=N, ties=longest|random, model=FILE",
    async run(text, context) {
      const { maxLength, ties = "longest", model } = context.options;
      const tokenizer =
        model === undefined ? await context.tokenizer() : await pathPieceTokenizer(context);
      const { encode } = pathPieceEncoder(byteTokens(tokenizer), {
        ...(maxLength === undefined ? {} : { maxLength: numberOf(context, "maxLength", 1) }),
        tieBreak: ties as NonNullable<PathPieceOptions["tieBreak"]>,
        random: context.random,
      });
      return named(tokenizer, encode(text));
    },
  },
  {
    name: "greedy",
    about:
      "the longest token first: direction=left-to-right|right-to-left|longest-first, of a byte-level vocabulary",
    async run(text, context) {
      const { direction = "left-to-right" } = context.options;
      const tokenizer = await context.tokenizer();
      const { encode } = greedyEncoder(byteTokens(tokenizer), {
        direction: direction as NonNullable<GreedyOptions["direction"]>,
      });
      return named(tokenizer, encode(text));
    },
  },
  {
    name: "stochastok",
    about: "tokens split at random into pairs, of a byte-level vocabulary: proportion=0.1",
    async run(text, context) {
      const tokenizer = await context.tokenizer();
      const ids = tokenizer.encode(text, { addSpecialTokens: false });
      const expanded = stochastokExpand(ids, tokenExpansions(byteTokens(tokenizer)), {
        proportion: numberOf(context, "proportion", 0.1),
        random: context.random,
      });
      return named(tokenizer, expanded);
    },
  },
  {
    name: "dynamic",
    about:
      "tokens of this text merged further inside words, of a byte-level vocabulary: merges=100",
    async run(text, context) {
      const tokenizer = await context.tokenizer();
      const ids = tokenizer.encode(text, { addSpecialTokens: false });
      const tokens = Array.from(ids, (id) => tokenizer.idToToken(id)!);
      const maxMerges = numberOf(context, "merges", 100);
      const { batch } = dynamicBpeMerge([tokens], { maxMerges, boundary: wordBoundary() });
      return [{ pieces: batch[0]! }];
    },
  },
  {
    name: "picky",
    about: "by what happened in a training with removals: model=FILE of train --method picky",
    async run(text, context) {
      const model = (await modelOf("picky", context)) as PickyBpeModel;
      const { tokenize } = pickyBpeEncoder(model, { unknown: "<UNK>" });
      return [{ pieces: tokenize(text) }];
    },
  },
  {
    name: "boundless",
    about: "with tokens over several words: model=FILE of train --method boundless",
    async run(text, context) {
      const model = (await modelOf("boundless", context)) as BoundlessBpeModel;
      const { tokenize, encode } = boundlessBpeEncoder(model);
      return [{ pieces: tokenize(text), ids: encode(text) }];
    },
  },
  {
    name: "lib",
    about: "the longest chunks: model=FILE of train --method lib",
    async run(text, context) {
      const { lexicon } = (await modelOf("lib", context)) as { readonly lexicon: string[] };
      return [{ pieces: libEncoder(lexicon).tokenize(text) }];
    },
  },
];
