/**
 * Answers by the most likely token, step by step, on a cache that the caller owns.
 *
 * Shapes   ids [S]  ->  token ids, without the end token
 * Cost     one step for the ids, one for each token
 * Errors   what the subject throws; an abort rejects with the signal's reason
 */
import { argmax } from "@frugal/tensor";
import type { Subject, SubjectCache, SubjectPrefix } from "./types.js";

export interface GreedyOptions {
  readonly maxTokens: number;
  /** Position of the first id; default: the cache's next. */
  readonly firstPosition?: number;
  readonly signal?: AbortSignal | undefined;
}

export async function greedyAnswer(
  subject: Subject,
  cache: SubjectCache,
  ids: Uint32Array,
  { maxTokens, firstPosition, signal }: GreedyOptions,
): Promise<number[]> {
  const answer: number[] = [];
  const first = firstPosition;
  const positions = first === undefined ? undefined : Int32Array.from(ids, (_, i) => first + i);
  let next = await likeliest(subject, cache, ids, positions);
  while (answer.length < maxTokens && !subject.endTokenIds.includes(next)) {
    signal?.throwIfAborted();
    answer.push(next);
    if (answer.length < maxTokens) next = await likeliest(subject, cache, Uint32Array.of(next));
  }
  return answer;
}

/** Where text goes on behind a pruned picture: methods that keep position ids leave the picture's room as it was. */
export function positionAfter({ cache, facts }: SubjectPrefix): number {
  const next = cache.nextPosition(0);
  return next === facts.promptTokens ? next : facts.fullPromptTokens;
}

async function likeliest(
  subject: Subject,
  cache: SubjectCache,
  tokens: Uint32Array,
  positions?: Int32Array,
): Promise<number> {
  const row = { cache, tokens, ...(positions ? { positions } : {}) };
  const { logits } = await subject.step({ rows: [row], logits: "last" });
  return argmax(logits[0]!.data);
}
