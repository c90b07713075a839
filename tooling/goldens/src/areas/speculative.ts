/** Drafters, trees and verifiers. Cases that generate with a whole model live with the runtime's adapters. */
import { type PromptLookupPick, promptLookupDraft } from "@frugal/speculative/drafters";
import { greedyTree, sampleAndMatch } from "@frugal/speculative/verifiers";
import type { DraftTree, Random } from "@frugal/tensor";
import {
  type CaseRunner,
  dimsOf,
  float32Of,
  type GoldenCase,
  MissingError,
  numberOf,
  numbersOf,
  textOf,
} from "../types.js";

const promptLookupCase: CaseRunner = async ({ params, inputs }) => {
  const ids = Uint32Array.from(numbersOf(inputs.ids));
  const pick = textOf(params.variant) as PromptLookupPick;
  const eosTokenId = numberOf(params.eosTokenId ?? -1);
  const draft = promptLookupDraft(ids, {
    pick,
    minN: numberOf(params.minN),
    maxN: numberOf(params.maxN),
    numTokens: numberOf(params.numTokens),
    eosTokenIds: eosTokenId < 0 ? [] : [eosTokenId],
    suppress: numbersOf(params.suppress ?? []),
    room: roomOf(pick, ids.length, params.maxLength),
  });
  return { draft };
};

/** transformers counts the place of the copied text against maxLength and drafts nothing for a single place. */
function roomOf(pick: string, length: number, maxLength: GoldenCase["params"][string] | undefined) {
  if (maxLength === undefined) return Number.POSITIVE_INFINITY;
  const room = numberOf(maxLength) - length;
  if (pick === "transformers") return room === 1 ? 0 : Number.POSITIVE_INFINITY;
  return Math.max(0, room);
}

function treeOf(inputs: GoldenCase["inputs"]): DraftTree {
  const tokens = numbersOf(inputs.tokens).map((token) => Math.max(0, token));
  return {
    tokens: Uint32Array.from(tokens),
    parents: Int32Array.from(numbersOf(inputs.parents)),
    drawn: "deterministic",
  };
}

function rowsOf(value: GoldenCase["inputs"][string] | undefined) {
  const data = float32Of(value);
  const width = dimsOf(value)[1] as number;
  return (row: number) => data.subarray(row * width, (row + 1) * width);
}

function replay(uniforms: readonly number[]): Random {
  let used = 0;
  const random: Random = {
    next() {
      const u = uniforms[used++];
      if (u === undefined) throw new RangeError("the case has no further uniform");
      return u;
    },
    fork: () => random,
  };
  return random;
}

const greedyTreeCase: CaseRunner = async ({ inputs }) => {
  const rows = rowsOf(inputs.targetLogits);
  const { accepted, next } = await greedyTree().verify(treeOf(inputs), rows, replay([]));
  return { rows: accepted, accepted: accepted.length - 1, token: next };
};

const sampleAndMatchCase: CaseRunner = async ({ params, inputs }) => {
  if (params.temperature !== 1) throw new MissingError("a temperature other than 1");
  const tree = treeOf(inputs);
  const { accepted, next } = await sampleAndMatch().verify(
    tree,
    rowsOf(inputs.targetProbs),
    replay(numbersOf(inputs.uniforms)),
  );
  const drafted = accepted.slice(1).map((row) => tree.tokens[row] as number);
  return { tokens: [...drafted, next], rows: accepted, accepted: accepted.length - 1 };
};

export const speculativeCases: Record<string, CaseRunner> = {
  "greedy-tree": greedyTreeCase,
  "prompt-lookup": promptLookupCase,
  "sample-and-match": sampleAndMatchCase,
};
