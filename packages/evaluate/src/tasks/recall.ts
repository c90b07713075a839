/**
 * Hides facts far back in a text and asks for one; the answer up to the full stop must be the fact.
 *
 * A prompt is fed once and every policy works on a fork of its cache, unless the policy wants to see all rows as they pass.
 * It ends behind the question: the model writes "Answer:" itself, so that every word of the answer is read from the cache
 * that was shrunk. (A token that follows the prompt at once comes from the prefill, whatever is evicted.)
 *
 * Units    `tokens`: slots a head that the first answer token reads; times begin behind the prefill
 * Errors   ArgumentError when no prompt fits the model's positions
 */

import { type HeldOutBook, type RecallOptions, recallPrompt } from "@frugal/reference-models";
import { ArgumentError } from "@frugal/tensor/errors";
import type { Arm, CacheMethod, Item, Subject, SubjectPrefix, Task, Trial } from "../types.js";
import { headCount, listen } from "./listen.js";
import { promptIds } from "./prompt-ids.js";

export interface RecallTaskOptions extends Partial<RecallOptions> {
  readonly books: readonly HeldOutBook[];
  /** Prompts of another length are passed over. Default 700 and 1,100 tokens. */
  readonly minTokens?: number;
  readonly maxTokens?: number;
  /** New tokens at most, "Answer:" among them. Default 12. */
  readonly answerTokens?: number;
}

/** How the prompts of the reference models end. */
const LEAD = " Answer:";
/** Seeds that one item may try until a prompt has the length. */
const STRIDE = 64;

export function recall(subject: Subject, options: RecallTaskOptions): Task<CacheMethod> {
  const { books, minTokens = 700, answerTokens = 12, factCount = 6, paragraphCount = 10 } = options;
  const most = Math.min(options.maxTokens ?? 1100, subject.maxPositions - answerTokens);
  return {
    name: "recall",
    title: "Cache: facts hidden in a long text",
    items: "prompts",
    quality: { name: "facts recalled", better: "higher", isShare: true },
    cost: "cached tokens a head",
    async open(index, arms, signal): Promise<Item<CacheMethod>> {
      for (let seed = index * STRIDE; seed < (index + 1) * STRIDE; seed++) {
        const { prompt, answer } = recallPrompt(books, seed, { factCount, paragraphCount });
        const ids = promptIds(subject, prompt.slice(0, -LEAD.length));
        if (ids.length < minTokens || ids.length > most) continue;
        const policies = arms.flatMap(({ method }) =>
          method && !needsAllRows(subject, method) ? [method] : [],
        );
        const prefix = await subject.prefill({ ids }, { policies, signal });
        return {
          run: (arm) => trial(subject, { prefix, ids, answer, answerTokens, seed, signal }, arm),
          dispose: () => prefix.dispose(),
        };
      }
      throw new ArgumentError(
        "recall",
        "minTokens, maxTokens",
        `a span that prompts of ${paragraphCount} paragraphs reach`,
        [minTokens, most],
      );
    },
  };
}

interface Exam {
  readonly prefix: SubjectPrefix;
  readonly ids: Uint32Array;
  readonly answer: string;
  readonly answerTokens: number;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

async function trial(
  subject: Subject,
  { prefix, ids, answer, answerTokens, seed, signal }: Exam,
  { method }: Arm<CacheMethod>,
): Promise<Trial[]> {
  const options = {
    maxTokens: answerTokens,
    stop: ["."],
    seed,
    ...(method ? { cache: method } : {}),
    ...(signal ? { signal } : {}),
  };
  const isShared = !method || !needsAllRows(subject, method);
  const pieces = isShared ? prefix.generate(options) : subject.generate({ ids }, options);
  const { said, report } = await listen(pieces);
  const last = report.compressions.at(-1);
  return [
    {
      quality: said.replace(LEAD.trim(), "").trim() === answer ? 1 : 0,
      tokens: last ? last.slotsAfter / headCount(subject) : ids.length,
      elapsedMs: report.decodeMs,
      details: { promptTokens: ids.length, cacheBytes: report.cacheBytes },
    },
  ];
}

/** True when a scorer reads signals of more rows than the last ones: a fork comes too late for it. */
export function needsAllRows({ shape }: Subject, { scorer }: CacheMethod): boolean {
  return Object.values(scorer.needs(shape)).some(
    ({ rows }) => !(rows === "last" || (typeof rows === "object" && "last" in rows)),
  );
}
