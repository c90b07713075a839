/**
 * Drafts a chain of tokens drawn at random from the text so far: the line that every drafter must beat.
 *
 * Paper    none
 * Shapes   context [T]  ->  DraftTree of 1 + `length` rows, one chain
 * Cost     O(length)
 * Errors   none
 */
import type { DraftTree, Random } from "@frugal/tensor";

export interface RandomDrafter {
  readonly name: "random";
  readonly needs: Record<never, never>;
  propose(context: {
    readonly tokens: Uint32Array;
    readonly room: number;
    readonly random: Random;
  }): DraftTree;
  observe(): void;
  reset(): void;
  dispose(): void;
}

/** @param length rows below the root; default 4 */
export function randomDraft(length = 4): RandomDrafter {
  return {
    name: "random",
    needs: {},
    propose({ tokens, room, random }) {
      const rows = 1 + Math.min(length, room);
      const last = tokens.length - 1;
      return {
        tokens: Uint32Array.from({ length: rows }, (_, row) =>
          row === 0 ? tokens[last]! : tokens[Math.floor(random.next() * tokens.length)]!,
        ),
        parents: Int32Array.from({ length: rows }, (_, row) => row - 1),
        drawn: "deterministic",
      };
    },
    observe() {},
    reset() {},
    dispose() {},
  };
}
