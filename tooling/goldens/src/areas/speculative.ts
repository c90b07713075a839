/** Drafters, trees and verifiers. Cases that generate with a whole model live with the runtime's adapters. */
import { buildTreeAttention, leafPaths, treeFromPaths } from "@frugal/speculative";
import {
  type PromptLookupPick,
  promptLookupDraft,
  RECYCLING_TREE_80,
  tokenRecycling,
} from "@frugal/speculative/drafters";
import { greedyTree, sampleAndMatch } from "@frugal/speculative/verifiers";
import { type DraftTree, type Random, topkIndices } from "@frugal/tensor";
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

const treeAttentionCase: CaseRunner = async ({ params, inputs }) => {
  const topK = numberOf(params.topK);
  const { parents, ranks } = treeFromPaths(pathsOf(inputs.paths));
  const { mask, depths } = buildTreeAttention(parents);
  const deepest = Math.max(...depths);
  const padded = (path: number[]) => [...path, ...Array(deepest + 1 - path.length).fill(-1)];
  return {
    mask,
    depths,
    treeIndices: Array.from(ranks, (rank, row) =>
      row === 0 ? 0 : 1 + rank + topK * ((depths[row] as number) - 1),
    ),
    retrieveIndices: leafPaths(parents).map(padded),
  };
};

const pathsOf = (value: GoldenCase["inputs"][string] | undefined): number[][] => {
  if (!Array.isArray(value)) throw new TypeError("the case lacks paths");
  return value.map((path) => numbersOf(path));
};

const templateCase: CaseRunner = async ({ params }) => {
  if (params.template !== "2.2.2") throw new MissingError(`template ${params.template}`);
  return { paths: RECYCLING_TREE_80 };
};

const bestFirst = (logits: Float32Array, k: number): number[] =>
  Array.from(topkIndices(logits, k)).sort(
    (i, j) => (logits[j] as number) - (logits[i] as number) || i - j,
  );

/** The toy model of the cases: logits after (.., s, t) = a[t] + b[s]. Greedy, without a limit to a pass. */
const tokenRecyclingCase: CaseRunner = async ({ params, inputs }) => {
  if (!inputs.a) throw new MissingError("a model");
  if (params.template !== "2.2.2") throw new MissingError(`template ${params.template}`);
  const [a, b] = [rowsOf(inputs.a), rowsOf(inputs.b)];
  const vocabularySize = dimsOf(inputs.a)[0] as number;
  const k = numberOf(params.k);
  const most = numberOf(params.maxNewTokens);
  const drafter = tokenRecycling({ k, template: RECYCLING_TREE_80, parity: true });
  const random = replay([]);
  const prompt = numbersOf(inputs.ids);
  const text = [...prompt];
  const accepted: number[] = [];
  const passes: number[][] = [];
  for (;;) {
    const room = Number.POSITIVE_INFINITY;
    const tree = await drafter.propose({ tokens: Uint32Array.from(text), room, random });
    const before = text.at(-2) ?? 0;
    const logits = Array.from(tree.tokens, (token, row) => {
      const parent = tree.parents[row] as number;
      const after = b(parent < 0 ? before : (tree.tokens[parent] as number));
      return a(token).map((value, id) => value + (after[id] as number));
    });
    const verdict = await greedyTree().verify(tree, (row) => logits[row] as Float32Array, random);
    const drafted = verdict.accepted.slice(1).map((row) => tree.tokens[row] as number);
    passes.push(Array.from(tree.tokens));
    accepted.push(verdict.accepted.length);
    text.push(...drafted);
    if (text.length - prompt.length > most) break;
    text.push(verdict.next);
    const ids = Uint32Array.from(logits.flatMap((row) => bestFirst(row, k)));
    drafter.observe({
      tree,
      accepted: verdict.accepted,
      emitted: Uint32Array.of(...drafted, verdict.next),
      top: { ids, perRow: k },
      signals: {},
    });
  }
  const matrix = Array.from({ length: vocabularySize }, (_, token) => {
    const known = drafter.successors(token);
    return known.length ? Array.from(known) : Array(k).fill(0);
  });
  return { tokens: text.slice(prompt.length), accepted, passes, matrix };
};

export const speculativeCases: Record<string, CaseRunner> = {
  "greedy-tree": greedyTreeCase,
  "prompt-lookup": promptLookupCase,
  "sample-and-match": sampleAndMatchCase,
  "token-recycling": tokenRecyclingCase,
  "token-recycling-template": templateCase,
  "tree-attention": treeAttentionCase,
};
