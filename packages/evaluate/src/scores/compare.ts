/** Lays what was said beside what was published. */
import type { ScoreComparison } from "./scores.js";

export interface Said {
  readonly item: string;
  readonly said: string;
  /** What the independent program said. */
  readonly expected: string;
  readonly answer: string;
}

export interface Run {
  readonly signal: AbortSignal | undefined;
  readonly progress: (done: number, total: number) => void;
}

const SHOWN = 5;

export function compareAnswers(
  task: string,
  model: string,
  said: readonly Said[],
  mostDiffering: number,
): ScoreComparison {
  const different = said.filter((item) => item.said !== item.expected);
  const share = (right: readonly Said[]): number =>
    said.length === 0 ? Number.NaN : right.length / said.length;
  return {
    task,
    model,
    items: said.length,
    differing: different.length,
    examples: different
      .slice(0, SHOWN)
      .map((one) => ({ item: one.item, said: one.said, expected: one.expected })),
    score: share(said.filter((item) => item.said === item.answer)),
    published: share(said.filter((item) => item.expected === item.answer)),
    agrees: different.length <= mostDiffering * said.length,
  };
}
