/**
 * Rules every Model obeys, under any test runner, in Node or in a page.
 *
 * Use      for (const rule of modelRules(() => myModel)) test(rule.name, rule.check);
 * Needs    a model with a decoder, `newCache()`, and its back end's `rowInvariant` and `kv.byteLength()`
 * Units    logits are compared bit for bit where the back end says `rowInvariant`, otherwise to 1e-3 of the largest
 * Cost     about 60 short steps a rule and seed
 * State    caches are disposed; the model stays the caller's
 * Errors   ConformanceError naming rule and seed; modelRules(make, { firstSeed }) replays from there
 */
import { ConformanceError, createRandom, type MaybePromise } from "@frugal/tensor";
import { REFUSALS } from "./conformance/refusals.js";
import { SIGNALS } from "./conformance/signals.js";
import { STEPPING } from "./conformance/stepping.js";
import { type SteppingModel, Trial } from "./conformance/trial.js";

export type { SteppingModel } from "./conformance/trial.js";

export interface Rule {
  readonly name: string;
  check(): Promise<void>;
}

export interface ModelRuleOptions {
  /** Default 1. */
  readonly firstSeed?: number;
  /** Seeds a rule is tried with; default 2. */
  readonly rounds?: number;
}

export function modelRules(
  make: () => MaybePromise<SteppingModel>,
  { firstSeed = 1, rounds = 2 }: ModelRuleOptions = {},
): readonly Rule[] {
  return [...STEPPING, ...SIGNALS, ...REFUSALS].map(([name, find]) => ({
    name,
    async check() {
      const model = await make();
      for (let seed = firstSeed; seed < firstSeed + rounds; seed++) {
        const trial = new Trial(model, createRandom(seed).fork(name));
        try {
          const found = await Promise.resolve(find(trial)).catch(
            (error: unknown) => `it throws ${String(error)}`,
          );
          if (found) throw new ConformanceError(model.name, name, `seed ${seed}`, found);
        } finally {
          trial.dispose();
        }
      }
    },
  }));
}
