/**
 * Writes ids of a morphological tokenizer as text.
 *
 * Cost     O(ids and their text)
 * State    the last word that was written: it decides the form of a suffix
 */
import type { FormChooser, Forms } from "./form-chooser.js";
import { capitalized } from "./title-case.js";

export interface MorphMarkers {
  readonly upperCase: number;
  readonly unknown: number;
  readonly space: number;
}

/** For an id that stands for nothing, and for the marker of unknown text. */
const MISSING = "▁";
const UNKNOWN = "▁u▁";
const WORD = /^\p{L}+$/u;

export class MorphWriter {
  readonly #forms: Forms;
  readonly #chooser: FormChooser;
  readonly #markers: MorphMarkers;
  /** The id of the byte 0; the others follow. */
  readonly #byteStart: number;
  #word = "";
  #wordBefore = "";

  constructor(forms: Forms, chooser: FormChooser, markers: MorphMarkers, byteStart: number) {
    this.#forms = forms;
    this.#chooser = chooser;
    this.#markers = markers;
    this.#byteStart = byteStart;
  }

  /** The text of ids behind which `nextId` stands, or nothing (-1). */
  write(ids: readonly number[], nextId: number): string {
    this.#wordBefore = this.#word;
    const parts: string[] = [];
    for (let at = 0; at < ids.length; at++) {
      const id = ids[at]!;
      if (id >= this.#byteStart) {
        const end = this.#bytesEnd(ids, at);
        parts.push(this.#bytesText(ids.slice(at, end)));
        at = end - 1;
        continue;
      }
      const next = ids[at + 1] ?? nextId;
      let text: string;
      if (id === this.#markers.upperCase && next >= 0) {
        // The marker takes the first form of what follows, whatever the rules say.
        text = at + 1 < ids.length ? capitalized(this.#firstForm(next)) : "";
        at++;
      } else text = this.#textOf(id, next);
      parts.push(text);
      if (WORD.test(text)) this.#word = text;
    }
    return parts.join("");
  }

  /** As if the last `write` had not been. */
  takeBack(): void {
    this.#word = this.#wordBefore;
  }

  #textOf(id: number, nextId: number): string {
    if (id === this.#markers.unknown) return UNKNOWN;
    const forms = this.#forms.get(id);
    if (forms === undefined) return MISSING;
    if (forms.length === 1) return forms[0]!;
    const next = nextId < 0 ? "" : this.#firstForm(nextId);
    return forms[this.#chooser.choose(id, { word: this.#word, nextId, next })]!;
  }

  #firstForm(id: number): string {
    return this.#forms.get(id)?.[0] ?? MISSING;
  }

  #bytesEnd(ids: readonly number[], start: number): number {
    let end = start;
    while (end < ids.length && ids[end]! >= this.#byteStart) end++;
    return end;
  }

  #bytesText(ids: readonly number[]): string {
    const bytes = Uint8Array.from(ids, (id) => id - this.#byteStart);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  }
}
