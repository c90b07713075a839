/** Other ways to cut text than the one that a tokenizer was trained for. */
import { loadTokenizer } from "@frugal/tokenizers";
import {
  type ByteTokens,
  byteTokens,
  encodeWithUnstable,
  type GreedyOptions,
  greedyEncoder,
  hatSplitter,
  type PathPieceOptions,
  pathPieceEncoder,
  stochastokExpand,
  tokenBytes,
  tokenExpansions,
} from "@frugal/tokenizers/segment";
import { type CaseRunner, type Context, type GoldenValue, numbersOf } from "../types.js";
import { tokenizerDynamicCases } from "./tokenizers-dynamic.js";
import { tokenizerEventCases } from "./tokenizers-events.js";
import { bytesOf, drawsOf, textsOf } from "./tokenizers-files.js";
import { tokenizerMorphCases } from "./tokenizers-morph.js";
import { tokenizerSamplingCases } from "./tokenizers-sampling.js";

const hatSplit: CaseRunner = async ({ params, inputs, expect }, context) => {
  const texts = await textsOf(inputs.texts, context);
  const { maxBytes } = params;
  const { split, splitBytes } = hatSplitter(
    typeof maxBytes === "number" ? { maxBytes } : undefined,
  );
  return "bytes" in expect
    ? { bytes: texts.map((text) => splitBytes(text)) }
    : { words: texts.map((text) => split(text)) };
};

async function hexTokens(
  value: GoldenValue | undefined,
  context: Context,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const tokens = await textsOf(value, context);
  return tokens.map((hex) =>
    Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)),
  );
}

const pathPiece: CaseRunner = async ({ params, inputs }, context) => {
  const tokens = await hexTokens(inputs.vocabularyHex, context);
  const tieBreak = params.tieBreak as NonNullable<PathPieceOptions["tieBreak"]>;
  const { encode } = pathPieceEncoder(tokens, {
    tieBreak,
    ...(tieBreak === "random" ? { random: await drawsOf(inputs.draws, context) } : {}),
  });
  return { ids: (await textsOf(inputs.texts, context)).map((text) => encode(text)) };
};

const DIRECTIONS: Readonly<Record<string, NonNullable<GreedyOptions["direction"]>>> = {
  ltr: "left-to-right",
  rtl: "right-to-left",
  global: "longest-first",
};

const greedy: CaseRunner = async ({ params, inputs }, context) => {
  const tokens = await hexTokens(inputs.vocabularyHex, context);
  const { encode } = greedyEncoder(tokens, { direction: DIRECTIONS[String(params.direction)]! });
  return { ids: (await textsOf(inputs.texts, context)).map((text) => encode(text)) };
};

/** The pattern is of no account: only the ranks are read. */
const rankTokens = async (value: GoldenValue | undefined, context: Context): Promise<ByteTokens> =>
  byteTokens(
    await loadTokenizer(await bytesOf(value, context), { tiktoken: { pattern: "cl100k" } }),
  );

const stochastok: CaseRunner = async ({ params, inputs }, context) => {
  const expansions = tokenExpansions(await rankTokens(inputs.ranks, context));
  const { proportion, maxExpand } = params;
  const ids = stochastokExpand(numbersOf(inputs.ids), expansions, {
    proportion: proportion as number,
    ...(typeof maxExpand === "number" ? { maxExpand } : {}),
    random: await drawsOf(inputs.draws, context),
  });
  return { ids };
};

/** Only the tokens that have pairs are listed. */
const expansions: CaseRunner = async ({ inputs }, context) => {
  const tokens = await rankTokens(inputs.ranks, context);
  const { of } = tokenExpansions(tokens);
  const listed: Record<string, number[][]> = {};
  for (let id = 0; id < tokens.length; id++) {
    const pairs = of(id);
    if (pairs.length > 0)
      listed[id] = Array.from({ length: pairs.length / 2 }, (_, i) => [
        pairs[i * 2]!,
        pairs[i * 2 + 1]!,
      ]);
  }
  return { expansions: listed };
};

const unstable: CaseRunner = async ({ params, inputs }, context) => {
  const tokenizer = await loadTokenizer(await bytesOf(inputs.ranks, context), {
    tiktoken: {
      pattern: params.patternSource as string,
      specialTokens: params.specialTokens as Readonly<Record<string, number>>,
    },
  });
  const tokens = tokenBytes(tokenizer);
  const texts = await textsOf(inputs.texts, context);
  const found = texts.map((text) => encodeWithUnstable(tokenizer, text, { tokens }));
  return {
    stable: found.map(({ stable }) => stable),
    completions: found.map(({ completions }) => completions),
  };
};

export const tokenizerSegmentCases: Record<string, CaseRunner> = {
  ...tokenizerSamplingCases,
  "hat-split": hatSplit,
  "path-piece-encode": pathPiece,
  "greedy-encode": greedy,
  "stochastok-expand": stochastok,
  "stochastok-expansions": expansions,
  "tiktoken-unstable": unstable,
  ...tokenizerDynamicCases,
  ...tokenizerEventCases,
  ...tokenizerMorphCases,
};
