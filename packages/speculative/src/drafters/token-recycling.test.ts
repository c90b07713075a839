import { createRandom } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import { validateTree } from "../tree.js";
import type { DraftTree } from "../types.js";
import { type TokenRecycling, tokenRecycling } from "./token-recycling.js";
import { RECYCLING_TREE_80 } from "./token-recycling-template.js";

const random = createRandom(1);
const TEMPLATE = [[0], [1], [0, 0], [0, 1], [1, 0], [0, 0, 0]];
const ids = (...tokens: number[]) => Uint32Array.from(tokens);

function propose(drafter: TokenRecycling, token: number, room = 100): DraftTree {
  const tree = drafter.propose({ tokens: ids(token), room, random });
  if (tree instanceof Promise) throw new TypeError("token recycling is synchronous");
  return validateTree(tree, { maxRows: room + 1 });
}

function taught(options: { readonly parity?: boolean } = {}): TokenRecycling {
  const drafter = tokenRecycling({ k: 2, template: TEMPLATE, ...options });
  drafter.warm({ tokens: ids(0, 1, 2, 3), top: { ids: ids(1, 2, 3, 0, 3, 4, 5, 0), perRow: 2 } });
  return drafter;
}

describe("tokenRecycling", () => {
  test("fills the template from the successors", () => {
    const tree = propose(taught(), 0);
    expect(Array.from(tree.tokens)).toEqual([0, 1, 2, 3, 0, 3, 5]);
    expect(Array.from(tree.parents)).toEqual([-1, 0, 0, 1, 1, 2, 3]);
    expect(Array.from(propose(taught(), 0, 3).tokens)).toEqual([0, 1, 2, 3]);
  });

  test("leaves out what it does not know; parity drafts token 0 there", () => {
    expect(Array.from(propose(taught(), 9).tokens)).toEqual([9]);
    expect(Array.from(propose(taught(), 3).tokens)).toEqual([3, 5, 0, 1]);
    expect(Array.from(propose(taught(), 3).parents)).toEqual([-1, 0, 0, 2]);
    expect(Array.from(propose(taught({ parity: true }), 9).tokens)).toEqual([9, 0, 0, 1, 2, 1, 3]);
    const cold = propose(tokenRecycling({ parity: true, template: RECYCLING_TREE_80 }), 7);
    expect(Array.from(cold.tokens)).toEqual([7, ...Array(80).fill(0)]);
  });

  test("learns all rows in ascending order, the rejected ones too, and keeps them until reset", () => {
    const drafter = tokenRecycling({ k: 2, template: TEMPLATE });
    const tree: DraftTree = {
      tokens: ids(4, 5, 4),
      parents: Int32Array.of(-1, 0, 0),
      drawn: "deterministic",
    };
    const top = { ids: ids(1, 2, 9, 3, 4, 9, 6, 7, 9), perRow: 3 };
    drafter.observe({ tree, accepted: [0], emitted: ids(1), top, signals: {} });
    expect(Array.from(drafter.successors(4))).toEqual([6, 7]);
    expect(Array.from(drafter.successors(5))).toEqual([3, 4]);
    expect(Array.from(propose(drafter, 5).tokens)).toEqual([5, 3, 4, 6]);
    drafter.reset();
    expect(drafter.successors(4)).toHaveLength(0);
    expect(propose(drafter, 5).tokens).toHaveLength(1);
  });

  test("takes fewer successors than k, none, and many tokens", () => {
    const drafter = tokenRecycling({ k: 5 });
    drafter.warm({ tokens: ids(1, 2), top: { ids: ids(8), perRow: 1 } });
    expect(Array.from(drafter.successors(1))).toEqual([8]);
    expect(drafter.successors(2)).toHaveLength(0);
    drafter.warm({ tokens: ids(1), top: { ids: ids(), perRow: 0 } });
    expect(Array.from(drafter.successors(1))).toEqual([8]);
    const many = Uint32Array.from({ length: 1000 }, (_, i) => 0xffffffff - i);
    drafter.warm({ tokens: many, top: { ids: many, perRow: 1 } });
    expect(Array.from(drafter.successors(0xffffffff - 999))).toEqual([0xffffffff - 999]);
    expect(Array.from(drafter.successors(1))).toEqual([8]);
  });

  test("names the option that is wrong", () => {
    expect(() => tokenRecycling({ k: 0 })).toThrow(/k must be/);
    expect(() => tokenRecycling({ k: 1 })).toThrow(/ranks below k/);
    expect(() => tokenRecycling({ template: [[0, 1]] })).toThrow(/beginning/);
    expect(() => tokenRecycling().propose({ tokens: ids(), room: 1, random })).toThrow(/tokens/);
  });
});
