/** Cache policies on the reference model: what stays, scores of one layer, and the logits of what follows. */
import { type CachePolicy, compress, type Scorer } from "@frugal/kv-cache";
import { pyramidKv, uniform } from "@frugal/kv-cache/allocators";
import { snapKv, streamingLlm, tova } from "@frugal/kv-cache/scorers";
import type { LanguageModel } from "@frugal/runtime";
import type { Floats } from "@frugal/tensor";
import { modelOf } from "../models.js";
import { type CaseRunner, type GoldenCase, MissingError, numberOf, numbersOf } from "../types.js";
import { logSumExp } from "./core.js";

interface Recorded {
  readonly scorer: Scorer;
  readonly scores: Map<number, Floats>;
}

/** The scorer, with the scores of every layer kept. */
function recorded(scorer: Scorer): Recorded {
  const scores = new Map<number, Floats>();
  return {
    scores,
    scorer: {
      ...scorer,
      open(layout, random) {
        const session = scorer.open(layout, random);
        return {
          ...session,
          async scores(layer, cache) {
            const found = await session.scores(layer, cache);
            scores.set(layer, found);
            return found;
          },
        };
      },
    },
  };
}

type Parts = Pick<CachePolicy, "scorer" | "allocator" | "budget"> & Partial<CachePolicy>;

const policy =
  (parts: (golden: GoldenCase) => Parts): CaseRunner =>
  async (golden, { backend }) => {
    const model = await modelOf(golden, backend);
    const { scorer, ...rest } = parts(golden);
    const record = recorded(scorer);
    const positions = golden.params.positions === "compact" ? "compact" : "original";
    const cache = compress({ ...rest, scorer: record.scorer, positions });
    const ids = numbersOf(golden.inputs.ids);
    const prefix = await model.prefill({ ids }, { policies: [cache] });
    await prefix.compress(cache);
    const kept: number[] = [];
    const lengths: number[] = [];
    eachHead(model, (layer, head) => {
      kept.push(...prefix.cache.origins(layer, head));
      lengths.push(prefix.cache.length(layer, head));
    });
    const result = { kept, lengths, ...(await following(golden, model, prefix.cache)) };
    prefix.dispose();
    if (!("scores" in golden.expect)) return result;
    const layer = numberOf(golden.inputs.layer);
    const scores = record.scores.get(layer) as Floats;
    return { ...result, scores: unprotected(scores, model, scorer) };
  };

/** Logits at the ids the case chose, and the log-sum-exp, after each of the tokens that follow. */
async function following(
  golden: GoldenCase,
  model: LanguageModel,
  cache: ReturnType<LanguageModel["newCache"]>,
): Promise<{ logits: number[]; logSumExp: number[] }> {
  const chosen = numbersOf(golden.inputs.logitIds);
  const logits: number[] = [];
  const sums: number[] = [];
  for (const id of numbersOf(golden.inputs.next)) {
    const step = await model.step({
      rows: [{ cache, tokens: Uint32Array.of(id) }],
      logits: "last",
    });
    const row = step.logits[0]?.data as Float32Array;
    logits.push(...chosen.map((i) => row[i] as number));
    sums.push(logSumExp(row));
  }
  return { logits, logSumExp: sums };
}

/** [kv heads, unprotected slots]; scores of a layer hold for each of its heads. */
function unprotected(scores: Floats, model: LanguageModel, scorer: Scorer): number[] {
  const [rows, length] = scores.dims as [number, number];
  const heads = model.shape.decoder?.kvHeadCount ?? 1;
  const { sinks, recent } = scorer.protects ?? { sinks: 0, recent: 0 };
  return Array.from({ length: heads }, (_, head) => {
    const at = (rows === 1 ? 0 : head) * length;
    return [...scores.data.subarray(at + sinks, at + length - recent)];
  }).flat();
}

function eachHead(model: LanguageModel, visit: (layer: number, head: number) => void): void {
  const { layerCount, kvHeadCount } = model.shape.decoder as NonNullable<
    typeof model.shape.decoder
  >;
  for (let layer = 0; layer < layerCount; layer++) {
    for (let head = 0; head < kvHeadCount; head++) visit(layer, head);
  }
}

const identity: CaseRunner = async (golden, { backend }) => {
  const model = await modelOf(golden, backend);
  const cache = model.newCache();
  const tokens = Uint32Array.from(numbersOf(golden.inputs.ids));
  await model.step({ rows: [{ cache, tokens }], logits: "none" });
  const result = await following(golden, model, cache);
  cache.dispose();
  return result;
};

function snapKvOf({ params }: GoldenCase): Scorer {
  const pooling = params.pooling === "max" ? "max" : "average";
  if (params.groupReduce !== "mean" && params.groupReduce !== "max") {
    throw new MissingError(`groupReduce ${String(params.groupReduce)}`);
  }
  return snapKv({
    window: numberOf(params.window),
    kernel: numberOf(params.kernel),
    pooling,
    rows: params.rows === "sum" ? "sum" : "mean",
    groupReduce: params.groupReduce,
  });
}

/** The scorer that a case of another method names. */
function scorerOf(golden: GoldenCase): Scorer {
  const { scorer, sinks } = golden.params;
  if (scorer === "snapkv") return snapKvOf(golden);
  if (scorer === "streaming-llm") return streamingLlm({ sinks: numberOf(sinks) });
  throw new MissingError(`scorer ${String(scorer)}`);
}

export const kvModelCases: Record<string, CaseRunner> = {
  identity,
  "streaming-llm": policy(({ params }) => ({
    scorer: streamingLlm({ sinks: numberOf(params.sinks) }),
    allocator: uniform(),
    budget: { tokens: numberOf(params.budget) },
  })),
  snapkv: policy((golden) => ({
    scorer: snapKvOf(golden),
    allocator: uniform(),
    budget: { tokens: numberOf(golden.params.budget) },
  })),
  tova: policy(({ params }) => ({
    scorer: tova({ protectNewest: params.protectNewest === true }),
    allocator: uniform(),
    budget: { tokens: numberOf(params.budget) },
  })),
  "key-rerotation": policy((golden) => ({
    scorer: scorerOf(golden),
    allocator: uniform(),
    budget: { tokens: numberOf(golden.params.budget) },
  })),
  pyramidkv: policy((golden) => {
    const { beta, budgets, compressionRatio } = golden.params;
    if (budgets !== "real-step") throw new MissingError(`budgets ${String(budgets)}`);
    const keepRatio = 1 - numberOf(compressionRatio);
    return {
      scorer: snapKvOf(golden),
      allocator: pyramidKv({ beta: numberOf(beta), parity: "real-step", keepRatio }),
      budget: { keepRatio },
    };
  }),
};
