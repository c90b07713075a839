/** Rules of the door: what does not fit is refused with a typed error and changes nothing; pages come back. */
import { FrugalError } from "@frugal/tensor";
import type { StepInput, StepRows } from "../types.js";
import type { Check, Finding, Trial } from "./trial.js";

export const REFUSALS: readonly (readonly [string, Check])[] = [
  ["refuses what does not fit, and leaves the cache as it was", wrongInput],
  ["refuses signals and layers that do not exist", wrongTaps],
  ["gives pages back when caches are disposed", pagesBack],
];

async function refused(trial: Trial, rows: StepRows, more: Partial<StepInput>): Promise<Finding> {
  const { cache } = rows;
  const before = cache.tokens.join();
  try {
    await trial.model.step({ rows: [rows], logits: "none", ...more });
  } catch (error) {
    if (!FrugalError.is(error)) return `an error without a type: ${String(error)}`;
    return cache.tokens.join() === before ? null : "the cache has changed";
  }
  return "nothing was refused";
}

const floats = (dims: readonly number[], length = dims.reduce((a, b) => a * b, 1)) => ({
  type: "float32" as const,
  location: "cpu" as const,
  dims,
  data: new Float32Array(length),
});

async function wrongInput(trial: Trial): Promise<Finding> {
  const { layerCount: L, width: C, vocabularySize: V } = trial.decoder;
  const cache = trial.cache();
  const tokens = Uint32Array.of(1, 2);
  await trial.logits({ cache, tokens: Uint32Array.of(1, 2, 3) });
  const wanted = await trial.logits({ cache: trial.keep(cache.fork()), tokens });
  const cases: readonly (readonly [string, Omit<StepRows, "cache">, Partial<StepInput>])[] = [
    ["no token", { tokens: new Uint32Array(0) }, {}],
    ["neither tokens nor embeddings", {}, {}],
    ["a token outside the vocabulary", { tokens: Uint32Array.of(1, V) }, {}],
    ["too few positions", { tokens, positions: Int32Array.of(3) }, {}],
    ["too few parents", { tokens, parents: Int32Array.of(-1) }, {}],
    ["a parent after its row", { tokens, parents: Int32Array.of(-1, 1) }, {}],
    ["embeddings of another width", { tokens, embeddings: floats([2, C + 1]) }, {}],
    ["embeddings of another length", { tokens, embeddings: floats([3, C]) }, {}],
    ["embeddings with too little data", { tokens, embeddings: floats([2, C], C) }, {}],
    ["no hidden states", {}, { fromLayer: 1 }],
    ["hidden states of another width", {}, { fromLayer: 1, hidden: [floats([2, C + 1])] }],
    ["a layer that is none", { tokens }, { toLayer: L + 1 }],
    ["half a layer", { tokens }, { toLayer: 0.5 }],
    ["layers the wrong way round", {}, { fromLayer: 2, toLayer: 1, hidden: [floats([2, C])] }],
    [
      "a cache twice",
      { tokens },
      {
        rows: [
          { cache, tokens },
          { cache, tokens },
        ],
      },
    ],
  ];
  for (const [name, rows, more] of cases) {
    const finding = await refused(trial, { cache, ...rows }, more);
    if (finding) return `${name}: ${finding}`;
  }
  return trial.differ("logits after refusals", await trial.logits({ cache, tokens }), wanted);
}

async function wrongTaps(trial: Trial): Promise<Finding> {
  const { layerCount: L } = trial.decoder;
  const cache = trial.cache();
  const tokens = trial.tokens(3);
  const cases: readonly (readonly [string, NonNullable<StepInput["needs"]>])[] = [
    ["a layer past the last", { a: { signal: "hidden", part: "decoder", layer: L + 1 } }],
    ["a layer before the first", { a: { signal: "query", part: "decoder", layer: -L - 1 } }],
    ["a signal of no decoder", { a: { signal: "pooled", part: "decoder", layer: 0 } }],
  ];
  for (const [name, needs] of cases) {
    const finding = await refused(trial, { cache, tokens }, { needs });
    if (finding) return `${name}: ${finding}`;
  }
  return null;
}

async function pagesBack(trial: Trial): Promise<Finding> {
  const { kv } = trial.model.backend;
  const before = kv.byteLength();
  const cache = trial.model.newCache();
  await trial.logits({ cache, tokens: trial.tokens(40) });
  const fork = cache.fork();
  await trial.logits({ cache: fork, tokens: trial.tokens(3) });
  const grown = kv.byteLength();
  cache.dispose();
  await trial.logits({ cache: fork, tokens: trial.tokens(1) });
  fork.dispose();
  if (grown <= before) return "a cache of 40 tokens takes no page";
  const left = kv.byteLength() - before;
  return left === 0 ? null : `${left} bytes stay`;
}
