/**
 * A rewritten text that knows where each of its units came from.
 *
 * Shapes   starts, ends [text.length] u32: the span of the original that unit i stands for; null: unit i of the text
 *          is unit `base + i` of the original
 * Units    UTF-16 units
 * Cost     nothing where nothing was rewritten; else 8 bytes a unit
 * Differs  follows Hugging Face tokenizers: a character that was put in stands where the character before it stood
 *          before the rewriting, and a character that took in others keeps the place of the first
 */
export interface AlignedText {
  readonly text: string;
  readonly base: number;
  readonly starts: Uint32Array | null;
  readonly ends: Uint32Array | null;
}

export const unaligned = (text: string, base: number): AlignedText => ({
  text,
  base,
  starts: null,
  ends: null,
});

export const startAt = (aligned: AlignedText, unit: number): number =>
  aligned.starts === null ? aligned.base + unit : aligned.starts[unit]!;

/** End of the original span of unit `unit - 1`, the last one of a range that ends before `unit`. */
export const endBefore = (aligned: AlignedText, unit: number): number =>
  aligned.ends === null ? aligned.base + unit : aligned.ends[unit - 1]!;

export function sliced(aligned: AlignedText, start: number, end: number): AlignedText {
  if (start === 0 && end === aligned.text.length) return aligned;
  return {
    text: aligned.text.slice(start, end),
    base: aligned.base + start,
    starts: aligned.starts?.subarray(start, end) ?? null,
    ends: aligned.ends?.subarray(start, end) ?? null,
  };
}

/** Builds a rewritten text from front to back. Every unit of `from` is taken, replaced or skipped in turn. */
export class Rewriting {
  readonly #from: AlignedText;
  readonly #parts: string[] = [];
  #starts: Uint32Array;
  #ends: Uint32Array;
  #length = 0;
  /** Next unit of `from` that has not been dealt with. */
  at = 0;

  constructor(from: AlignedText) {
    this.#from = from;
    this.#starts = new Uint32Array(from.text.length + 16);
    this.#ends = new Uint32Array(from.text.length + 16);
  }

  /** Copies up to unit `end`. */
  keep(end: number): void {
    if (end <= this.at) return;
    this.#parts.push(this.#from.text.slice(this.at, end));
    this.#room(end - this.at);
    for (; this.at < end; this.at++) this.#place(this.at, this.at);
  }

  /** Puts `content` where the next `count` units stood; each of its units has their first character's place. */
  replace(content: string, count: number): void {
    this.#parts.push(content);
    this.#room(content.length);
    const first = this.#characterEnd(this.at);
    for (let i = 0; i < content.length; i++) this.#place(this.at, first - 1);
    this.at += count;
  }

  /** Puts `content` in; it has the place of the last character dealt with, at the front the empty place 0, 0. */
  insert(content: string): void {
    this.#parts.push(content);
    this.#room(content.length);
    for (let i = 0; i < content.length; i++) {
      if (this.at === 0) this.#zero();
      else this.#place(unitStart(this.#from, this.at - 1), this.at - 1);
    }
  }

  skip(count: number): void {
    this.at += count;
  }

  done(): AlignedText {
    this.keep(this.#from.text.length);
    return {
      text: this.#parts.join(""),
      base: this.#from.base,
      starts: this.#starts.subarray(0, this.#length),
      ends: this.#ends.subarray(0, this.#length),
    };
  }

  #characterEnd(unit: number): number {
    const code = this.#from.text.codePointAt(unit) ?? 0;
    return Math.min(unit + (code > 0xffff ? 2 : 1), this.#from.text.length);
  }

  #place(first: number, last: number): void {
    this.#starts[this.#length] = startAt(this.#from, first);
    this.#ends[this.#length++] = endBefore(this.#from, last + 1);
  }

  #zero(): void {
    this.#starts[this.#length] = this.#from.base;
    this.#ends[this.#length++] = this.#from.base;
  }

  #room(more: number): void {
    if (this.#length + more <= this.#starts.length) return;
    const size = Math.max(this.#starts.length * 2, this.#length + more);
    this.#starts = grown(this.#starts, size);
    this.#ends = grown(this.#ends, size);
  }
}

const isLowSurrogate = (code: number): boolean => (code & 0xfc00) === 0xdc00;

/** First unit of the character that unit `unit` belongs to. */
function unitStart(from: AlignedText, unit: number): number {
  return unit > 0 && isLowSurrogate(from.text.charCodeAt(unit)) ? unit - 1 : unit;
}

function grown(from: Uint32Array, size: number): Uint32Array {
  const into = new Uint32Array(size);
  into.set(from);
  return into;
}
