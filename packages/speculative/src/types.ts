/**
 * The two things a speculative step is made of: a drafter guesses, a verifier decides.
 *
 * Letters  J rows of a draft tree (row 0 is the root), V vocabulary
 */
import type { DraftTree, MaybePromise, Needs, Random, Signals } from "@frugal/tensor";

export type { DraftTree } from "@frugal/tensor";

/** How the siblings of a tree were found. */
export type Drawn = DraftTree["drawn"];

export interface DraftContext {
  /** Everything so far, prompt and text; the last one is the root. Borrowed for the call. */
  readonly tokens: Uint32Array;
  /** At most this many rows below the root. */
  readonly room: number;
  readonly random: Random;
}

/** What the target said about a draft. Arrays are borrowed for the call. */
export interface DraftResult {
  readonly tree: DraftTree;
  /** Rows that were right, the root first. */
  readonly accepted: readonly number[];
  /** The tokens below the accepted rows' root and the one after them. */
  readonly emitted: Uint32Array;
  /** The target's most likely tokens after each row [J, perRow], best first. */
  readonly top: { readonly ids: Uint32Array; readonly perRow: number };
  readonly signals: Signals;
}

/** Guesses how the text goes on. */
export interface Drafter {
  readonly name: string;
  /** Signals of the target that `observe` reads, e.g. hidden states. */
  readonly needs: Needs;
  /** How many of the target's best tokens after each row `observe` wants to see; default 0: none are computed. */
  readonly topPerRow?: number;
  /** A tree with the last token as its root. Nothing found: the root alone. */
  propose(context: DraftContext): MaybePromise<DraftTree>;
  /** Sees all verified rows, the rejected ones too: some drafters learn from them. */
  observe(result: DraftResult): void;
  /** Forgets everything learned, as if newly made. A new text alone does not ask for it. */
  reset(): void;
  dispose(): void;
}

export interface Verdict {
  /** Accepted rows, the root first, each a child of the one before. */
  readonly accepted: readonly number[];
  /** The token after the last accepted row. */
  readonly next: number;
}

/** Decides which part of a draft stands, and draws the token after it. */
export interface Verifier {
  readonly name: string;
  /** false: changes the law of the text, and says so in every report. */
  readonly exact: boolean;
  readonly accepts: readonly Drawn[];
  /**
   * `law(i)`: the target's law [V] after row i, processed for that row's path; asked only for the rows that are reached.
   * Borrowed until the next call of `law`.
   */
  verify(
    tree: DraftTree,
    law: (row: number) => MaybePromise<Float32Array>,
    random: Random,
  ): MaybePromise<Verdict>;
}
