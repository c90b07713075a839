/**
 * Draws each token from the target and keeps a draft's row while it carries that token.
 *
 * Paper    none: folklore (STree, lookahead caches, sampled prompt lookup); see SpecInfer, arXiv:2305.09781, for the tree
 * Shapes   tree [J], a law [V] f32 a reached row  ->  accepted rows, next token
 * Needs    the target's laws of the reached rows only
 * Cost     O(V) an emitted token; one `random.next()` an emitted token
 * Differs  the one-hot form, which tries children one at a time, has the same law with other uniforms
 * Order    `draw` consumes the generator exactly as plain sampling does: with one seed the text is the same token for token
 * Errors   ArgumentError for a tree without a root
 */
import { draw } from "@frugal/tensor";
import type { Verifier } from "../types.js";
import { refuseForeign, walk } from "../walk.js";

export function sampleAndMatch(): Verifier {
  const verifier: Verifier = {
    name: "sample-and-match",
    exact: true,
    accepts: ["deterministic", "independent", "withoutReplacement"],
    verify(tree, law, random) {
      refuseForeign(verifier, tree);
      return walk(tree, law, (p) => draw(p, random.next()));
    },
  };
  return verifier;
}
