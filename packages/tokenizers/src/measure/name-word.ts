/**
 * Looks up which script a character's name begins with.
 *
 * Cost     O(stretches) to build, 8 kB; O(log stretches) a character
 */
import { NAME_RUNS, NAME_WORDS } from "./name-words.js";

/** `null`: the name begins with another word; undefined: the character has none. */
export type NameWordOf = (code: number) => string | null | undefined;

export function nameWords(): NameWordOf {
  const runs = NAME_RUNS.join(" ").split(" ");
  const ends = new Uint32Array(runs.length);
  const kinds = new Uint8Array(runs.length);
  let end = 0;
  runs.forEach((run, i) => {
    const [length = "", kind = ""] = run.split(".");
    end += Number.parseInt(length, 36);
    ends[i] = end;
    kinds[i] = Number.parseInt(kind, 36);
  });
  return (code) => {
    let low = 0;
    let high = ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! <= code) low = middle + 1;
      else high = middle;
    }
    const kind = kinds[low]!;
    if (kind === 0) return undefined;
    return kind === 1 ? null : NAME_WORDS[kind - 2]!;
  };
}
