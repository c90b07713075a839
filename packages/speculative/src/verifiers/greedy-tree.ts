/**
 * Keeps a draft's rows while each is the target's most likely token: decoding at temperature 0.
 *
 * Paper    none: folklore; blockwise parallel decoding, arXiv:1811.03115, is the chain
 * Shapes   tree [J], a law (or logits) [V] f32 a reached row  ->  accepted rows, next token
 * Needs    logits or laws of the reached rows only; no random number
 * Cost     O(V) an emitted token
 * Differs  exact for greedy decoding: at a temperature above 0 it would not sample, so sampleAndMatch() belongs there
 * Errors   ArgumentError for a tree without a root
 */
import { argmax } from "@frugal/tensor";
import type { Verifier } from "../types.js";
import { refuseForeign, walk } from "../walk.js";

export function greedyTree(): Verifier {
  const verifier: Verifier = {
    name: "greedy-tree",
    exact: true,
    accepts: ["deterministic", "independent", "withoutReplacement"],
    verify(tree, law) {
      refuseForeign(verifier, tree);
      return walk(tree, law, argmax);
    },
  };
  return verifier;
}
