/**
 * Where the reference says that tokens stand behind a character which it drops.
 *
 * BPE without an unknown token drops characters that the vocabulary lacks. The reference then counts the bytes of the tokens
 * that are left from the front of the piece, and so gives them places that are too early (the area's README, Quirks). Ours
 * are the true places; here they are moved as the reference moves them, so that the cases compare all the rest.
 */
import type { InputEncoding, Tokenizer } from "@frugal/tokenizers";

interface File {
  readonly added_tokens?: readonly unknown[];
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: { readonly type?: string } | null;
  readonly model: { readonly type?: string; readonly unk_token?: string | null };
}

/** Files whose tokens the reference misplaces: nothing else in them moves text. */
export const dropsUnknown = ({ added_tokens, normalizer, pre_tokenizer, model }: File): boolean =>
  (pre_tokenizer?.type ?? "Split") === "Split" &&
  model.type === "BPE" &&
  (model.unk_token ?? null) === null &&
  (normalizer ?? null) === null &&
  (added_tokens ?? []).length === 0;

export function misplaced(
  text: string,
  encoding: InputEncoding,
  tokenizer: Tokenizer,
): Uint32Array {
  const { ids, offsets, wordIds } = encoding;
  const pieces = tokenizer.preTokenize(text).offsets;
  const moved = offsets.slice();
  let taken = 0;
  for (let i = 0; i < ids.length; i++) {
    const word = wordIds[i]!;
    if (word < 0) continue;
    if (word !== wordIds[i - 1]) taken = 0;
    const places = bytePlaces(text, pieces[word * 2]!, pieces[word * 2 + 1]!);
    const token = tokenizer.idToToken(ids[i]!)!;
    const isByte = /^<0x[0-9A-F]{2}>$/.test(token);
    const length = isByte ? 1 : new TextEncoder().encode(token).length;
    moved[i * 2] = places[taken]![0];
    moved[i * 2 + 1] = places[taken + length - 1]![1];
    taken += length;
  }
  return moved;
}

/** For each byte of a piece, the units that its character begins and ends at. */
function bytePlaces(text: string, start: number, end: number): (readonly [number, number])[] {
  const places: (readonly [number, number])[] = [];
  for (let unit = start; unit < end; ) {
    const character = String.fromCodePoint(text.codePointAt(unit)!);
    const next = unit + character.length;
    for (const _ of new TextEncoder().encode(character)) places.push([unit, next]);
    unit = next;
  }
  return places;
}
