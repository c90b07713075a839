/**
 * Several models as one, byte by byte: the mean of their laws, whatever vocabulary each has.
 *
 * Paper    Phan et al., arXiv:2410.09303, section on ensembles
 * Shapes   laws [257], weights [laws]  ->  [257]
 * Cost     that of all laws
 * Errors   ArgumentError for no laws, for weights that are not above zero or not one a law
 */
import { ArgumentError } from "@frugal/tensor";
import { type ByteLaw, LAW_SIZE } from "./types.js";

/** `weights`: default: equal. The laws are disposed with it. */
export function averageOf(laws: readonly ByteLaw[], weights?: readonly number[]): ByteLaw {
  if (laws.length === 0) throw new ArgumentError("averageOf", "laws", "at least one law", "none");
  const shares = weights ?? laws.map(() => 1);
  if (shares.length !== laws.length || shares.some((share) => !(share > 0 && share < Infinity)))
    throw new ArgumentError("averageOf", "weights", "one number above 0 for each law", shares);
  const total = shares.reduce((sum, share) => sum + share, 0);
  return {
    push: (bytes) => {
      for (const law of laws) law.push(bytes);
    },
    async next() {
      const mean = new Float64Array(LAW_SIZE);
      for (const [i, law] of laws.entries()) {
        const values = await law.next();
        values.forEach((value, byte) => {
          mean[byte]! += (value * shares[i]!) / total;
        });
      }
      return mean;
    },
    fork: () =>
      averageOf(
        laws.map((law) => law.fork()),
        shares,
      ),
    dispose: () => {
      for (const law of laws) law.dispose();
    },
  };
}
