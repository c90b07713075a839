/** A verifier from the textbook with a place for each mistake that was seen in public code. */
import { draw, type Random } from "@frugal/tensor";
import { childrenOf } from "../src/tree.js";
import type { DraftTree, Drawn, Verifier } from "../src/types.js";
import { refuseForeign } from "../src/walk.js";

export interface Faults {
  readonly accept?: (u: number, p: number, q: number) => boolean;
  /** The target's law once a sibling is rejected. */
  readonly residual?: (P: readonly number[], Q: readonly number[]) => number[];
  /** Siblings still compare with the first law. */
  readonly staleResidual?: boolean;
  readonly resampleTarget?: boolean;
  readonly reuseUniform?: boolean;
  readonly renormalize?: boolean;
  readonly order?: (
    children: number[],
    tree: DraftTree,
    q: readonly number[],
    random: Random,
  ) => number[];
  /** Draft law in place of the one-hot of a deterministic child. */
  readonly law?: readonly number[];
}

export function textbook(drawn: Drawn, faults: Faults = {}): Verifier {
  const accept = faults.accept ?? ((u, p, q) => u * q < p);
  const residual = faults.residual ?? ((P, Q) => unit(P.map((p, i) => Math.max(0, p - Q[i]!))));
  const verifier: Verifier = {
    name: `textbook ${drawn}`,
    exact: true,
    accepts: [drawn],
    async verify(tree, law, random) {
      refuseForeign(verifier, tree);
      const accepted = [0];
      for (let row = 0; ; ) {
        const target = unit(Array.from(await law(row)));
        let P = target;
        let tested = target;
        let Q = faults.law ? [...faults.law] : statedLaw(tree, row);
        let u = 0;
        let found = -1;
        for (const child of (faults.order ?? ((c) => c))(childrenOf(tree, row), tree, Q, random)) {
          const token = tree.tokens[child]!;
          if (drawn === "deterministic" && !faults.law) Q = P.map((_, i) => (i === token ? 1 : 0));
          u = random.next();
          if (accept(u, tested[token]!, Q[token]!)) {
            found = child;
            break;
          }
          if (faults.staleResidual) P = residual(target, Q);
          else tested = P = residual(P, Q);
          if (drawn !== "withoutReplacement") continue;
          Q = Q.map((q, i) => (i === token ? 0 : q));
          if (faults.renormalize !== false) Q = unit(Q);
        }
        if (found < 0) {
          const from = faults.resampleTarget ? target : P;
          return { accepted, next: draw(from, faults.reuseUniform ? u : random.next()) };
        }
        accepted.push(found);
        row = found;
      }
    },
  };
  return verifier;
}

/** Draws anew for every candidate, and once more when it is done: what nucleus modes of tree decoders did. */
export function drawsForEachRow(): Verifier {
  const verifier: Verifier = {
    name: "draws for each row",
    exact: true,
    accepts: ["deterministic"],
    async verify(tree, law, random) {
      refuseForeign(verifier, tree);
      const accepted = [0];
      for (let row = 0; ; ) {
        const p = Array.from(await law(row));
        const found = childrenOf(tree, row).find(
          (child) => draw(p, random.next()) === tree.tokens[child],
        );
        if (found === undefined) return { accepted, next: draw(p, random.next()) };
        accepted.push(found);
        row = found;
      }
    },
  };
  return verifier;
}

function statedLaw({ laws, tokens }: DraftTree, row: number): number[] {
  if (!laws) return [];
  const width = laws.data.length / tokens.length;
  return Array.from(laws.data.subarray(row * width, (row + 1) * width));
}

export function unit(masses: readonly number[]): number[] {
  const total = masses.reduce((a, b) => a + b, 0);
  return total > 0 ? masses.map((mass) => mass / total) : [...masses];
}
