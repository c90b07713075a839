/**
 * Writes the same text with and without a drafter: it must come out the same, in fewer steps.
 *
 * Units    `tokens`: rows that the model reads after the prefill; `tokensPerStep` above 1 is what drafting saves
 * Errors   what the subject throws
 */
import { type HeldOutBook, random } from "@frugal/reference-models";
import type { Arm, DraftMethod, Item, Subject, SubjectPrefix, Task, Trial } from "../types.js";
import { listen } from "./listen.js";
import { promptIds } from "./prompt-ids.js";

export interface SpeculationOptions {
  readonly books: readonly HeldOutBook[];
  /** Default 64 each. */
  readonly promptTokens?: number;
  readonly newTokens?: number;
}

export function speculation(subject: Subject, options: SpeculationOptions): Task<DraftMethod> {
  const { books, promptTokens = 64, newTokens = 64 } = options;
  return {
    name: "speculation",
    title: "Drafts: the same text in fewer steps",
    items: "prompts",
    quality: { name: "identical texts", better: "higher", isShare: true },
    cost: "rows read",
    plotted: "steps",
    async open(index, _arms, signal): Promise<Item<DraftMethod>> {
      const ids = passage(subject, books, index, promptTokens);
      const prefix = await subject.prefill({ ids }, { signal });
      const write = writer(prefix, newTokens, signal);
      let plain: readonly number[] | undefined;
      return {
        async run(arm) {
          plain ??= (await write({ name: "full", keepRatio: 1 })).tokenIds;
          const { tokenIds, trial } = await write(arm);
          return [{ ...trial, quality: isSame(tokenIds, plain) ? 1 : 0 }];
        },
        dispose: () => prefix.dispose(),
      };
    },
  };
}

function writer(prefix: SubjectPrefix, maxTokens: number, signal: AbortSignal | undefined) {
  return async (
    arm: Arm<DraftMethod>,
  ): Promise<{ tokenIds: readonly number[]; trial: Omit<Trial, "quality"> }> => {
    const { tokenIds, report } = await listen(
      prefix.generate({
        maxTokens,
        ignoreEndToken: true,
        ...(arm.method ? { draft: arm.method } : {}),
        ...(signal ? { signal } : {}),
      }),
    );
    const { steps, drafted, accepted, decodeMs, newTokens } = report;
    const trial = {
      tokens: steps + drafted,
      elapsedMs: decodeMs,
      details: {
        steps,
        // The first token comes out of the prefill.
        tokensPerStep: steps === 0 ? 1 : (newTokens - 1) / steps,
        acceptanceRate: drafted === 0 ? 0 : accepted / drafted,
      },
    };
    return { tokenIds, trial };
  };
}

/** The beginning of a held-out text, at a paragraph that the index picks. */
function passage(
  subject: Subject,
  books: readonly HeldOutBook[],
  index: number,
  tokens: number,
): Uint32Array {
  const { paragraphs } = books[index % books.length]!;
  const draw = random(index);
  const first = Math.floor(draw() * Math.max(1, paragraphs.length - 8));
  return promptIds(subject, paragraphs.slice(first, first + 8).join("\n")).slice(0, tokens);
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);
