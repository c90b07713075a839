/** Makes the machine of a grammar, as a function and as a splitter of the pipeline. */
import type { Splitter } from "../pre-tokenizers/split.js";
import { type Characters, characters } from "./characters.js";
import type { CharacterClasses } from "./classes.js";
import type { Scan } from "./common.js";
import type { Grammar } from "./grammar.js";
import { cl100kScan } from "./scan-cl100k.js";
import { deepseekScan } from "./scan-deepseek.js";
import { gpt2Scan } from "./scan-gpt2.js";
import { o200kScan } from "./scan-o200k.js";

export function scanOf(grammar: Grammar, classes: CharacterClasses): Scan {
  const walk: Characters = characters(classes);
  switch (grammar.family) {
    case "gpt2":
      return gpt2Scan(walk, grammar.numbersApart);
    case "cl100k":
      return cl100kScan(walk, grammar.digits, grammar.marksInWords);
    case "o200k":
      return o200kScan(walk, grammar.digits, grammar.contractions);
    case "deepseek":
      return deepseekScan(walk, grammar.digits);
  }
}

export const splitterOf =
  (scan: Scan): Splitter =>
  (text, start, end, out) => {
    for (let at = start; at < end; ) {
      const next = scan(text, at, end);
      out.add(at, next);
      at = next;
    }
  };
