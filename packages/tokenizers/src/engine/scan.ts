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
import { stretchEnd, Utf8Chunk } from "./utf8-chunk.js";

export function scanOf(grammar: Grammar, classes: CharacterClasses): Scan {
  const walk: Characters = characters(classes);
  switch (grammar.family) {
    case "gpt2":
      return gpt2Scan(walk, grammar.numbersApart);
    case "cl100k":
      return cl100kScan(walk, grammar);
    case "o200k":
      return o200kScan(walk, grammar.digits, grammar.contractions);
    case "deepseek":
      return deepseekScan(walk, grammar.digits);
  }
}

export function splitterOf(scan: Scan): Splitter {
  const chunk = new Utf8Chunk();
  return (text, start, end, out) => {
    const part = start === 0 && end === text.length ? text : text.slice(start, end);
    for (let from = 0; from < part.length; ) {
      const to = stretchEnd(part, from);
      const length = chunk.read(part, from, to);
      const { bytes } = chunk;
      let unit = start + from;
      for (let at = 0; at < length; ) {
        const next = scan(bytes, at, length);
        const units = unitsOf(bytes, at, next);
        out.add(unit, unit + units);
        unit += units;
        at = next;
      }
      from = to;
    }
  };
}

/** UTF-16 units of whole characters. */
function unitsOf(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    units += byte >= 0xf0 ? 2 : (byte & 0xc0) === 0x80 ? 0 : 1;
  }
  return units;
}
