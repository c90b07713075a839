import { createRandom } from "@frugal/tensor";
import { describe, expect, test } from "vitest";
import type { DraftTree } from "../types.js";
import { greedyTree } from "./greedy-tree.js";

const random = createRandom(1);
const DRAFT: DraftTree = {
  tokens: Uint32Array.of(9, 0, 2, 1, 2),
  parents: Int32Array.of(-1, 0, 0, 2, 2),
  drawn: "deterministic",
};
const LOGITS = [
  [1, 2, 3],
  [0, 0, 0],
  [Number.NaN, 5, 5],
  [-1, -2, Number.NEGATIVE_INFINITY],
  [0, 1, 0],
].map((row) => Float32Array.from(row));

describe("greedyTree", () => {
  test("follows the largest logit; ties to the lowest token, NaN last", () => {
    const verdict = greedyTree().verify(DRAFT, (row) => LOGITS[row]!, random);
    expect(verdict).toEqual({ accepted: [0, 2, 3], next: 0 });
  });

  test("a bare root gives the next token", () => {
    const root = { ...DRAFT, tokens: Uint32Array.of(9), parents: Int32Array.of(-1) };
    expect(greedyTree().verify(root, () => LOGITS[0]!, random)).toEqual({ accepted: [0], next: 2 });
  });

  test("draws no random number and waits for laws that are promises", async () => {
    const silent = {
      next: (): number => {
        throw new TypeError("no random number is needed");
      },
      fork: () => silent,
    };
    const verdict = await greedyTree().verify(DRAFT, async (row) => LOGITS[row]!, silent);
    expect(verdict).toEqual({ accepted: [0, 2, 3], next: 0 });
  });

  test("refuses a tree whose arrays disagree", () => {
    const bad = { ...DRAFT, parents: Int32Array.of(-1) };
    expect(() => greedyTree().verify(bad, () => LOGITS[0]!, random)).toThrow(/one length/);
  });
});
