/** The kit on real models, and on models that are wrong in one way each: their rule must reject them. */
import type { Cache } from "@frugal/kv-cache";
import { modelDirectory } from "@frugal/reference-models";
import { type Floats, floats } from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load } from "../test/reference.js";
import { modelRules, type SteppingModel } from "./conformance.js";
import { loadModel } from "./load.js";
import type { LanguageModel } from "./model/language-model.js";
import type { StepInput, StepOutput } from "./types.js";

let onWasm: LanguageModel;
let onReference: LanguageModel;

beforeAll(async () => {
  onWasm = await load("fables");
  onReference = await loadModel(modelDirectory("fables"), { backend: referenceBackend() });
});
afterAll(() => {
  onWasm.dispose();
  onReference.dispose();
});

describe("fables on wasm", () => {
  for (const rule of modelRules(() => onWasm)) test(rule.name, rule.check);
});

describe("fables on the reference back end", () => {
  for (const rule of modelRules(() => onReference, { rounds: 1 })) test(rule.name, rule.check);
});

/** Makes the model's outputs wrong; what is left out stays right. */
interface Fault {
  readonly before?: (input: StepInput) => StepInput;
  readonly after?: (output: StepOutput, input: StepInput) => StepOutput | Promise<StepOutput>;
  readonly cache?: (cache: Cache) => Cache;
  readonly error?: (error: unknown) => StepOutput;
  readonly rowInvariant?: boolean;
}

function faulty({ before, after, cache, error, rowInvariant = true }: Fault): SteppingModel {
  return {
    name: "faulty",
    shape: onWasm.shape,
    backend: { rowInvariant, kv: onWasm.backend.kv },
    newCache: () => (cache ?? ((own) => own))(onWasm.newCache()),
    async step(input) {
      try {
        const output = await onWasm.step(before?.(input) ?? input);
        return (await after?.(output, input)) ?? output;
      } catch (caught) {
        if (error) return error(caught);
        throw caught;
      }
    },
  };
}

const times = ({ dims, data }: Floats, factor: number): Floats =>
  floats(
    dims,
    data.map((value) => value * factor),
  );

const rowsIn = ({ rows }: StepInput): number => rows[0]?.tokens?.length ?? 0;

/** Logits of a step, each value by `factor`. */
const scaled = (output: StepOutput, factor: number): StepOutput => ({
  ...output,
  logits: output.logits.map((values) => times(values, factor)),
});

const withSignals = (
  output: StepOutput,
  change: (values: Floats, name: string) => Floats,
): StepOutput => ({
  ...output,
  signals: output.signals.map((signals) =>
    Object.fromEntries(
      Object.entries(signals).map(([name, values]) => [name, change(values, name)]),
    ),
  ),
});

const override = (cache: Cache, change: Partial<Cache>): Cache => Object.assign(cache, change);

let shared: StepOutput | undefined;

const FAULTS: Readonly<Record<string, readonly [rule: RegExp, fault: Fault]>> = {
  "rounds differently with many rows": [
    /in pieces/,
    { after: (output, input) => scaled(output, rowsIn(input) > 6 ? 1 + 1e-6 : 1) },
  ],
  "is far off with many rows, without claiming invariance": [
    /in pieces/,
    {
      rowInvariant: false,
      after: (output, input) => scaled(output, rowsIn(input) > 6 ? 1.01 : 1),
    },
  ],
  "gives the first row as the last": [
    /last row/,
    {
      before: (input) => (input.logits === "last" ? { ...input, logits: "all" } : input),
      after: (output, input) => {
        const [all] = output.logits;
        if (input.logits !== "last" || !all) return output;
        const width = all.dims[1] as number;
        return { ...output, logits: [floats([1, width], all.data.slice(0, width))] };
      },
    },
  ],
  "takes a tree for a chain": [
    /row of a tree/,
    {
      before: (input) => ({
        ...input,
        rows: input.rows.map((rows) =>
          rows.parents ? { ...rows, parents: rows.parents.map((_, i) => i - 1) } : rows,
        ),
      }),
    },
  ],
  "commits the first rows, whatever was accepted": [
    /committed path/,
    {
      cache: (cache) => {
        const commit = cache.commit.bind(cache);
        return override(cache, { commit: () => commit([0]) });
      },
    },
  ],
  "scales hidden states on the way out": [
    /split stack/,
    {
      after: (output) =>
        output.hidden
          ? { ...output, hidden: output.hidden.map((values) => times(values, 1.001)) }
          : output,
    },
  ],
  "ignores embeddings": [
    /embeddings/,
    {
      before: (input) => ({
        ...input,
        rows: input.rows.map((rows) =>
          rows.embeddings ? { ...rows, embeddings: times(rows.embeddings, 0) } : rows,
        ),
      }),
    },
  ],
  "mixes up caches": [
    /several caches/,
    { after: (output) => ({ ...output, logits: [...output.logits].reverse() }) },
  ],
  "shares its results between steps": [
    /overlap/,
    {
      after: async (output) => {
        shared = output;
        await new Promise((resolve) => setTimeout(resolve, 1));
        return shared;
      },
    },
  ],
  "gives itself as its fork": [
    /fork/,
    { cache: (cache) => override(cache, { fork: () => cache }) },
  ],
  "does not truncate": [/truncated/, { cache: (cache) => override(cache, { truncate: () => {} }) }],
  "rounds differently under taps": [
    /changes no logit/,
    {
      after: (output, input) =>
        scaled(output, Object.keys(input.needs ?? {}).length > 0 ? 1 + 1e-6 : 1),
    },
  ],
  "leaves an axis out of a signal": [
    /documented shapes/,
    {
      after: (output) =>
        withSignals(output, ({ dims, data }) => floats([dims.reduce((a, b) => a * b, 1)], data)),
    },
  ],
  "gives attention that is not normalised": [
    /sum to 1/,
    {
      after: (output) =>
        withSignals(output, (values, name) =>
          name === "attention" ? times(values, 1.01) : values,
        ),
    },
  ],
  "gives the mean for the mass": [
    /column mass/,
    {
      after: (output) =>
        withSignals(output, (values, name) =>
          name === "columnMass" ? times(values, 0.2) : values,
        ),
    },
  ],
  "stacks layers backwards": [
    /stacks/,
    {
      after: (output) =>
        withSignals(output, (values, name) =>
          name === "each" ? floats(values.dims, values.data.slice().reverse()) : values,
        ),
    },
  ],
  "swallows errors": [
    /refuses what does not fit/,
    { error: () => ({ logits: [], signals: [{}] }) },
  ],
  "throws errors of its own": [
    /refuses signals/,
    {
      error: () => {
        throw new TypeError("no");
      },
    },
  ],
  "changes the cache before it refuses": [
    /refuses what does not fit/,
    {
      error: (caught) => {
        throw caught;
      },
      before: (input) => {
        input.rows[0]?.cache.truncate(0);
        return input;
      },
    },
  ],
  "keeps pages": [
    /pages back/,
    {
      cache: (cache) => {
        const fork = cache.fork.bind(cache);
        return override(cache, { fork: () => fork() && fork() });
      },
    },
  ],
};

describe("rejects a model that", () => {
  test.each(Object.entries(FAULTS))("%s", async (_, [name, fault]) => {
    const rules = modelRules(() => faulty(fault)).filter((rule) => name.test(rule.name));
    expect(rules.length).toBeGreaterThan(0);
    const errors = await Promise.all(
      rules.map((rule) =>
        rule.check().then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    );
    for (const error of errors) expect(error).toMatchObject({ code: "ConformanceError" });
  });

  test("has no decoder", async () => {
    const model = { ...faulty({}), shape: {} };
    const [rule] = modelRules(() => model);
    await expect(rule?.check()).rejects.toMatchObject({ code: "CapabilityError" });
  });
});

test("a failure names the rule and a seed that replays it", async () => {
  const broken = faulty({ after: (output) => scaled(output, Math.fround(Number.NaN)) });
  const [rule] = modelRules(() => broken, { firstSeed: 7 });
  await expect(rule?.check()).rejects.toMatchObject({ rule: rule?.name, seed: "seed 7" });
});
