/**
 * Rules every back end obeys, under any test runner, in Node or in a page.
 *
 * Use      for (const rule of backendRules(() => myBackend())) test(rule.name, rule.check);
 * Units    an error bound is twice the error of a plain f32 loop plus the floor in `ops/table.ts`
 * Differs  invariance of rows is asked, bit for bit, of back ends that say `rowInvariant`; formats only of those that name them
 * Cost     some ten million multiply-adds; no clock, no network
 * Errors   ConformanceError naming rule, seed and case
 */
import type { Backend } from "../backend.js";
import { referenceBackend } from "../reference/index.js";
import type { MaybePromise } from "../types.js";
import { ATTENTION_RULES } from "./backend/attention-rules.js";
import { CACHE_RULES } from "./backend/cache-rules.js";
import { DOOR_RULES } from "./backend/door-rules.js";
import { INVARIANCE_RULES } from "./backend/invariance-rules.js";
import { MATRIX_RULES } from "./backend/matrix-rules.js";
import { MEMORY_RULES } from "./backend/memory-rules.js";
import { ROW_RULES } from "./backend/row-rules.js";
import { Trial } from "./backend/trial.js";
import { judged, type Rule } from "./rule.js";

export interface BackendRulesOptions {
  /** The truth to compare with; default: the reference of this package. */
  readonly reference?: () => Backend;
  /** Default 1. */
  readonly seed?: number;
}

/** `make` is called once a rule; the rule disposes what it made. */
export function backendRules(
  make: () => MaybePromise<Backend>,
  { reference = referenceBackend, seed = 1 }: BackendRulesOptions = {},
): readonly Rule[] {
  const claims = {
    ...MEMORY_RULES,
    ...ROW_RULES,
    ...MATRIX_RULES,
    ...ATTENTION_RULES,
    ...CACHE_RULES,
    ...INVARIANCE_RULES,
    ...DOOR_RULES,
  };
  return Object.entries(claims).map(([name, claim]) => ({
    name,
    async check() {
      const subject = await make();
      const trial = new Trial(subject, reference(), { rule: name, seed });
      await judged(subject.name, name, `seed ${seed}`, async () => {
        await claim(trial);
        trial.close();
      });
    },
  }));
}
