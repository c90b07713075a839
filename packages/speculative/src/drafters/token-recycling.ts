/**
 * Drafts a tree from what the target last found likely after each token, right or wrong.
 *
 * Paper    Token Recycling, arXiv:2408.08696
 * Shapes   successors [tokens seen, k] u32; top ids [J, k] of the verified rows  ->  tree of at most 81 rows
 * Needs    the target's k most likely tokens after every row of the tree; a tree step
 * Cost     O(J) a draft, O(J * k) an observation; 4k bytes a distinct token seen
 * State    the successors, kept from request to request until `reset`
 * Differs  tokens never seen have no children here; the official code gives them the child 0 (`parity` does as well). The
 *          default tree has 3 rows below the root, not 80. `warm` also learns from the prompt's rows; official drafting is
 *          greedy only, any verifier fits here
 * Order    rows are learned in ascending order: of two rows with one token the later stays
 * Errors   ArgumentError for k outside 1..64, a template with ranks of k or more or with missing beginnings
 */
import { ArgumentError, type DraftTree } from "@frugal/tensor";
import { cutTree } from "../tree.js";
import { type TreeTemplate, treeFromPaths } from "../tree-attention.js";
import type { DraftContext, Drafter, DraftResult } from "../types.js";
import { RECYCLING_TREE_3 } from "./token-recycling-template.js";

export interface TokenRecyclingOptions {
  /** Successors kept a token. Default 8. */
  readonly k?: number;
  /** Paths of ranks below k. Default RECYCLING_TREE_3; the paper's is RECYCLING_TREE_80. */
  readonly template?: readonly (readonly number[])[];
  /** Draft token 0 after a token not seen yet, as the official code does. Default false. */
  readonly parity?: boolean;
}

export interface TokenRecycling extends Drafter {
  /** Learns from rows of the prompt: tokens [S], their likely successors [S, perRow], best first. */
  warm(rows: { readonly tokens: Uint32Array; readonly top: DraftResult["top"] }): void;
  /** Known successors of a token, best first; a view, empty if it was not seen. */
  successors(token: number): Uint32Array;
}

/** More would make rows of the successor table longer than any published tree can use. */
const MOST_SUCCESSORS = 64;

export function tokenRecycling(options: TokenRecyclingOptions = {}): TokenRecycling {
  const { k = 8, template = RECYCLING_TREE_3, parity = false } = options;
  if (!Number.isInteger(k) || k < 1 || k > MOST_SUCCESSORS) {
    throw new ArgumentError("tokenRecycling", "k", `a whole number in 1..${MOST_SUCCESSORS}`, k);
  }
  const shape = treeFromPaths(template);
  const highest = shape.ranks.reduce((a, b) => Math.max(a, b), -1);
  if (highest >= k) {
    throw new ArgumentError("tokenRecycling", "template", `of ranks below k (${k})`, highest);
  }
  const table = successorTable(k);

  return {
    name: "token-recycling",
    needs: {},
    topPerRow: k,
    propose: ({ tokens, room }: DraftContext) => {
      const root = tokens.at(-1);
      if (root === undefined) {
        throw new ArgumentError("tokenRecycling", "tokens", "not empty", 0);
      }
      return cutTree(fill(shape, root, table.of, parity), room);
    },
    observe: ({ tree, top }: DraftResult) => table.learn(tree.tokens, top),
    warm: ({ tokens, top }) => table.learn(tokens, top),
    successors: table.of,
    reset: table.clear,
    dispose: table.clear,
  };
}

/** Gives every row of the template its token; rows without one, and what hangs on them, are left out. */
function fill(
  { parents, ranks }: TreeTemplate,
  root: number,
  successorsOf: (token: number) => Uint32Array,
  parity: boolean,
): DraftTree {
  const filled = new Uint32Array(ranks.length);
  const above = new Int32Array(ranks.length);
  /** rowOf[t]: the row of template row t; -1 if left out. */
  const rowOf = new Int32Array(ranks.length).fill(-1);
  filled[0] = root;
  above[0] = -1;
  rowOf[0] = 0;
  let rows = 1;
  for (let t = 1; t < ranks.length; t++) {
    const parent = rowOf[parents[t]!]!;
    if (parent < 0) continue;
    const token = successorsOf(filled[parent]!)[ranks[t]!] ?? (parity ? 0 : undefined);
    if (token === undefined) continue;
    filled[rows] = token;
    above[rows] = parent;
    rowOf[t] = rows++;
  }
  return {
    tokens: filled.subarray(0, rows),
    parents: above.subarray(0, rows),
    drawn: "deterministic",
  };
}

function successorTable(k: number) {
  const NONE = new Uint32Array(0);
  const slots = new Map<number, number>();
  let ids = new Uint32Array(k * 64);
  /** Per slot, as ids has: how many are known. */
  let counts = new Uint8Array(64);

  function slotOf(token: number): number {
    const known = slots.get(token);
    if (known !== undefined) return known;
    const slot = slots.size;
    if (slot === counts.length) {
      const [fewer, smaller] = [ids, counts];
      ids = new Uint32Array(2 * fewer.length);
      counts = new Uint8Array(2 * smaller.length);
      ids.set(fewer);
      counts.set(smaller);
    }
    slots.set(token, slot);
    return slot;
  }

  return {
    of(token: number): Uint32Array {
      const slot = slots.get(token);
      return slot === undefined ? NONE : ids.subarray(slot * k, slot * k + counts[slot]!);
    },
    learn(tokens: Uint32Array, top: DraftResult["top"]): void {
      const width = Math.min(k, top.perRow);
      if (!(width >= 1)) return;
      const rows = Math.min(tokens.length, Math.floor(top.ids.length / top.perRow));
      for (let row = 0; row < rows; row++) {
        const slot = slotOf(tokens[row]!);
        for (let i = 0; i < width; i++) ids[slot * k + i] = top.ids[row * top.perRow + i]!;
        counts[slot] = width;
      }
    },
    clear(): void {
      slots.clear();
    },
  };
}
