/**
 * Several sequences of tokens as a stem that they share and a tree behind it.
 *
 * Shapes   sequences, none empty  ->  stem, tree of J nodes; node 0 is the last token that all share
 * Cost     O(tokens of all sequences)
 */
export interface EncodingTree {
  /** What comes before the root. */
  readonly stem: Uint32Array;
  /** [J]; parents stand before their children. */
  readonly tokens: Uint32Array;
  /** [J], -1 for the root. */
  readonly parents: Int32Array;
  /** The node at which each sequence ends. */
  readonly ends: readonly number[];
}

export function treeOf(sequences: readonly Uint32Array[]): EncodingTree {
  const first = sequences[0]!;
  const shared = sequences.reduce(
    (length, ids) => Math.min(length, commonLength(first, ids)),
    first.length,
  );
  const root = shared - 1;
  const tokens = [first[root]!];
  const parents = [-1];
  const children = [new Map<number, number>()];
  const ends = sequences.map((ids) => {
    let node = 0;
    for (const id of ids.subarray(shared)) {
      let child = children[node]!.get(id);
      if (child === undefined) {
        child = tokens.length;
        children[node]!.set(id, child);
        children.push(new Map());
        tokens.push(id);
        parents.push(node);
      }
      node = child;
    }
    return node;
  });
  return {
    stem: first.slice(0, root),
    tokens: Uint32Array.from(tokens),
    parents: Int32Array.from(parents),
    ends,
  };
}

export function commonLength(a: Uint32Array, b: Uint32Array): number {
  const most = Math.min(a.length, b.length);
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return i;
  return most;
}
