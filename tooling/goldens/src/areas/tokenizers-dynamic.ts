/** Tokens of a batch, merged further. */
import {
  dynamicBpeMerge,
  type MergeBoundary,
  pieceBoundary,
  sentenceBoundary,
  wordBoundary,
} from "@frugal/tokenizers/segment";
import type { CaseRunner, GoldenCase } from "../types.js";
import { componentOf, jsonOf } from "./tokenizers-files.js";

async function boundaryOf({ params }: GoldenCase): Promise<MergeBoundary> {
  const specialTokens = new Set(params.specialTokens as readonly string[]);
  const punctuation = new Set((params.punctuationTokens ?? []) as readonly string[]);
  switch (params.boundary) {
    case "pretokens":
      return pieceBoundary(await componentOf({ pre_tokenizer: params.preTokenizer }));
    case "word":
      return wordBoundary({ specialTokens });
    case "word_hyphen":
      return wordBoundary({ specialTokens, punctuation });
    default:
      return sentenceBoundary({ specialTokens });
  }
}

const dynamicMerge: CaseRunner = async (golden, context) => {
  const given = (await jsonOf(golden.inputs.batch, context)) as readonly (readonly string[])[];
  const { batch } = dynamicBpeMerge(given, {
    maxMerges: golden.params.maxMerges as number,
    boundary: await boundaryOf(golden),
  });
  return { batch };
};

export const tokenizerDynamicCases: Record<string, CaseRunner> = {
  "dynamic-bpe-merge": dynamicMerge,
};
