/**
 * Walks down a tree as long as the token chosen at a row is one of its children.
 *
 * Cost     O(accepted * J) and one law an emitted token
 * Order    a law that is no promise is used at once, so CPU back ends stay synchronous
 * Errors   ArgumentError for a tree drawn in a way the verifier does not take
 */
import { ArgumentError, type DraftTree, type MaybePromise } from "@frugal/tensor";
import { childWith } from "./tree.js";
import type { Verdict, Verifier } from "./types.js";

type Law = (row: number) => MaybePromise<Float32Array>;

/** `choose` is called once an emitted token. */
export function walk(
  tree: DraftTree,
  law: Law,
  choose: (law: Float32Array) => number,
): MaybePromise<Verdict> {
  const accepted = [0];
  const from = (row: number): MaybePromise<Verdict> => {
    const found = law(row);
    return isPromise(found) ? found.then((p) => after(row, p)) : after(row, found);
  };
  const after = (row: number, p: Float32Array): MaybePromise<Verdict> => {
    const next = choose(p);
    const child = childWith(tree, row, next);
    if (child < 0) return { accepted, next };
    accepted.push(child);
    return from(child);
  };
  return from(0);
}

/** The check at a verifier's door: a kind it would be biased on, or no root. */
export function refuseForeign(verifier: Pick<Verifier, "name" | "accepts">, tree: DraftTree): void {
  if (!verifier.accepts.includes(tree.drawn)) {
    const kinds = verifier.accepts.join(" or ");
    throw new ArgumentError(
      verifier.name,
      "tree.drawn",
      kinds,
      tree.drawn,
      "Use sampleAndMatch(): it takes every kind",
    );
  }
  if (tree.tokens.length === 0 || tree.tokens.length !== tree.parents.length) {
    throw new ArgumentError(
      verifier.name,
      "tree",
      "tokens and parents of one length, at least the root",
      [tree.tokens.length, tree.parents.length],
    );
  }
}

const isPromise = <T>(value: MaybePromise<T>): value is Promise<T> =>
  typeof (value as Partial<Promise<T>>).then === "function";
