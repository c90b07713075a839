/**
 * Brings text into a Unicode normalization form and keeps track of where each character came from.
 *
 * Paper    none (Unicode Standard Annex 15)
 * Cost     one pass; text that is in the form already is passed through
 * Differs  the form is that of Unicode 9.0, as in Hugging Face tokenizers; a composed character stands where its base stood, as there
 */
import { type AlignedText, Rewriting } from "../text/aligned.js";
import { type Form, normalized } from "./canonical-order.js";

/**
 * Runs that never interact with their neighbors: a character and all that may attach to it (marks; the vowels and
 * final consonants of Hangul, also halfwidth and compatibility ones; the halfwidth voiced marks; Kirat Rai vowels).
 */
const RUN = /\p{Any}[\p{M}\u1160-\u11ff\u3131-\u318e\uff9e-\uffdc\u{16d63}-\u{16d6a}]*/gu;

export function toForm(from: AlignedText, form: Form): AlignedText {
  if (normalized(from.text, form) === from.text) return from;
  const out = new Rewriting(from);
  for (const match of from.text.matchAll(RUN)) {
    const run = match[0];
    const formed = normalized(run, form);
    if (formed === run) out.keep(match.index + run.length);
    else rewriteRun(out, run, formed, form);
  }
  return out.done();
}

/** Each character of the result is drawn from decomposed ones, and those from the characters of the run, in order. */
function rewriteRun(out: Rewriting, run: string, formed: string, form: Form): void {
  const decomposed = form === "NFC" || form === "NFD" ? "NFD" : "NFKD";
  const added = new Map<string, number[]>();
  const used = new Map<string, number>();
  for (const character of run) {
    let first = true;
    for (const part of normalized(character, decomposed)) {
      const entries = added.get(part) ?? [];
      entries.push(first ? 0 : 1);
      added.set(part, entries);
      first = false;
    }
  }
  const widths = Array.from(run, (character) => character.length);
  let next = 0;
  const taken = (count: number): number => {
    let units = 0;
    for (const end = Math.min(next + count, widths.length); next < end; next++)
      units += widths[next]!;
    return units;
  };
  for (const character of formed) {
    let change = 1;
    for (const part of normalized(character, decomposed)) {
      const index = used.get(part) ?? 0;
      used.set(part, index + 1);
      change += (added.get(part)?.[index] ?? 0) - 1;
    }
    if (change > 0) out.insert(character);
    else {
      out.replace(character, taken(1));
      out.skip(taken(-change));
    }
  }
  out.skip(taken(widths.length));
}
