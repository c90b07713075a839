/**
 * Rewrites a text by a compiled character map.
 *
 * Paper    none (SentencePiece; the form in Hugging Face tokenizers)
 * Cost     one pass
 * Differs  as in Hugging Face tokenizers: a grapheme cluster of less than six bytes is looked up as a whole, and the
 *          shortest match stands for all of it; what is longer is looked up by characters. Clusters are the host's
 */
import { type AlignedText, Rewriting } from "../text/aligned.js";
import { eachCluster } from "../text/clusters.js";
import type { Charsmap } from "./charsmap.js";

/** A stretch in which neighbors may belong to one cluster. */
const STRETCH = /[\0-\x7f]?[^\0-\x7f]+|\r\n|[\0-\x7f]/gu;
const CLUSTER_BYTES = 6;

export function precompiled(from: AlignedText, map: Charsmap): AlignedText {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const encoder = new TextEncoder();
  const bytes = new Uint8Array(CLUSTER_BYTES + 2);
  const out = new Rewriting(from);
  let changed = false;

  function put(part: string): boolean {
    const { read, written } = encoder.encodeInto(part, bytes);
    if (read < part.length || written >= CLUSTER_BYTES) return false;
    const content = map.find(bytes, 0, written, false);
    if (content === undefined) return false;
    changed = true;
    substitute(out, part, content);
    return true;
  }

  function each(cluster: string): void {
    if (put(cluster)) return;
    for (const character of cluster) if (!put(character)) out.keep(out.at + character.length);
  }

  for (const { 0: stretch } of from.text.matchAll(STRETCH)) {
    if (stretch.length === 1 || stretch === "\r\n") each(stretch);
    else eachCluster(segmenter, stretch, each);
  }
  return changed ? out.done() : from;
}

/** Character by character; what is over on either side joins the last one. */
function substitute(out: Rewriting, part: string, content: string): void {
  const widths = Array.from(part, (character) => character.length);
  const characters = Array.from(content);
  characters.forEach((character, i) => {
    if (i < widths.length) out.replace(character, widths[i]!);
    else out.insert(character);
  });
  for (let i = characters.length; i < widths.length; i++) out.skip(widths[i]!);
}
