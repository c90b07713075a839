/**
 * Which merges of a piece are left out at random.
 *
 * Paper    Provilkov et al., arXiv:1910.13267
 * Differs  three programs, three distributions. All take the merges in the order of rank, then of place, and draw when a
 *          merge comes up, which for `paper` is the same as to draw for every merge at every step. `paper`: a merge that
 *          is left out comes up again after the next merge that is made. `hugging-face`: also draws for merges that are no
 *          longer possible, and what was left out comes up again after any draw that leaves nothing out. `sentencepiece`:
 *          a merge that is left out does not come up again
 */
export type DropoutVariant = "paper" | "hugging-face" | "sentencepiece";

export interface Dropout {
  /** That a merge is left out: 0..1. */
  readonly probability: number;
  readonly variant: DropoutVariant;
  /** Gives numbers in [0, 1), evenly. */
  readonly random: () => number;
}
