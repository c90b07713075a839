/** A plain text as the model reads it: its begin token in front, where it has one. */
import type { Subject } from "../types.js";

export function promptIds({ tokenizer }: Subject, text: string): Uint32Array {
  const body = tokenizer.encode(text, { addSpecialTokens: false });
  const begin = tokenizer.specialIds.bos;
  if (begin === undefined) return body;
  const ids = new Uint32Array(body.length + 1);
  ids[0] = begin;
  ids.set(body, 1);
  return ids;
}
