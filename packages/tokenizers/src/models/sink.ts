/**
 * Collects ids, and their spans where they are asked for, in buffers that grow by doubling.
 *
 * State    one sink serves all calls of a tokenizer; `clear` gives large buffers back
 */
import type { AlignedText } from "../text/aligned.js";
import { endBefore, startAt } from "../text/aligned.js";

/** Ids kept between calls. */
const KEPT_LENGTH = 1 << 16;

export class TokenSink {
  ids = new Uint32Array(1024);
  spans = new Uint32Array(0);
  /** The piece of each id, kept with the spans. */
  words = new Int32Array(0);
  /** The piece that ids are added for. */
  word = 0;
  /** The text of each id, where it is asked for. */
  surfaces: string[] | null = null;
  length = 0;
  withSpans = false;

  clear(withSpans: boolean): void {
    if (this.ids.length > KEPT_LENGTH) this.ids = new Uint32Array(KEPT_LENGTH);
    const size = withSpans ? this.ids.length * 2 : 0;
    if (this.spans.length !== size) {
      this.spans = new Uint32Array(size);
      this.words = new Int32Array(size / 2);
    }
    this.word = 0;
    this.surfaces = null;
    this.withSpans = withSpans;
    this.length = 0;
  }

  /** One id with the span of the original text. */
  add(id: number, start: number, end: number): void {
    if (this.length === this.ids.length) this.#grow();
    if (this.withSpans) {
      this.spans[this.length * 2] = start;
      this.spans[this.length * 2 + 1] = end;
      this.words[this.length] = this.word;
    }
    this.ids[this.length++] = id;
  }

  /** One id for the units `from` up to `to` of a rewritten text. */
  addFrom(id: number, text: AlignedText, from: number, to: number): void {
    this.surfaces?.push(text.text.slice(from, to));
    if (this.withSpans) this.add(id, startAt(text, from), endBefore(text, to));
    else this.add(id, 0, 0);
  }

  /** Makes room for `count` more ids, which the caller then writes to `ids` at `length`. */
  reserve(count: number): void {
    if (this.length + count > this.ids.length) this.#grow(this.length + count);
  }

  #grow(least = 0): void {
    const ids = new Uint32Array(Math.max(this.ids.length * 2, least));
    ids.set(this.ids);
    this.ids = ids;
    if (!this.withSpans) return;
    const spans = new Uint32Array(ids.length * 2);
    spans.set(this.spans);
    this.spans = spans;
    const words = new Int32Array(ids.length);
    words.set(this.words);
    this.words = words;
  }
}
