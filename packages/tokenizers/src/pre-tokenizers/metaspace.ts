/**
 * Writes spaces as a visible mark, puts one in front, and splits before each.
 *
 * Paper    none (the pre-tokenizer of Hugging Face tokenizers, after SentencePiece)
 * Cost     one pass
 */
import { prepended } from "../normalizers/prepend.js";
import { replaceAll } from "../normalizers/replace.js";
import type { Matcher } from "../regex/matcher.js";
import { literalMatcher } from "../regex/matcher.js";
import { type AlignedText, startAt } from "../text/aligned.js";
import type { Step } from "./build.js";
import { splitter } from "./split.js";

export const PREPEND_SCHEMES = ["always", "first", "never"] as const;
export type PrependScheme = (typeof PREPEND_SCHEMES)[number];

export function metaspace(mark: string, scheme: PrependScheme, split: boolean): Step[] {
  const space: Matcher = literalMatcher(" ");
  const rewrite = (text: AlignedText): AlignedText => {
    const marked = replaceAll(text, space, mark);
    if (scheme === "never" || marked.text.startsWith(mark)) return marked;
    return scheme === "first" && startAt(text, 0) !== 0 ? marked : prepended(marked, mark);
  };
  const steps: Step[] = [{ kind: "rewrite", rewrite }];
  if (split)
    steps.push({ kind: "split", split: splitter(literalMatcher(mark), "MergedWithNext", false) });
  return steps;
}
