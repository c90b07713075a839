/**
 * Counts how often each token occurs.
 *
 * Paper    none
 * Shapes   tokens of any kind, in any number  ->  frequencies [types] f64, in the order of first occurrence
 * Cost     O(tokens) time, O(types) memory: the tokens are not kept
 * Errors   none
 */
export function tokenFrequencies(tokens: Iterable<string | number>): Float64Array {
  const counts = new Map<string | number, number>();
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  return Float64Array.from(counts.values());
}
