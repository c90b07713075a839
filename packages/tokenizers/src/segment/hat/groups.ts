/**
 * Joins the pieces of a text into words: one space before its word, punctuation behind what it follows.
 *
 * Cost     O(units)
 */
import { Spans } from "../../pre-tokenizers/spans.js";
import * as is from "./word-classes.js";
import { classAt, width } from "./word-end.js";

/** Kinds of pieces. */
const WORD = 0;
const PUNCTUATION = 1;
const WHITESPACE = 2;
/** More than one space, and nothing else. */
const SPACES = 3;
const SPACE = 4;

export class Groups {
  readonly #text: string;
  readonly #table: is.WordClasses;
  readonly #groups = new Spans();
  /** The piece that waits, since more spaces may join it; and its kind. */
  #start = 0;
  #end = 0;
  #kind = WHITESPACE;
  /** Where the last group begins, and the kind of its last piece. */
  #from = 0;
  #last = WHITESPACE;

  constructor(text: string, table: is.WordClasses) {
    this.#text = text;
    this.#table = table;
  }

  /** The next piece; it begins where the one before ended. */
  add(start: number, end: number): void {
    const kind = this.#kindOf(start, end);
    if (kind === SPACE && this.#kind >= SPACES) this.#kind = SPACES;
    else {
      this.#settle();
      this.#start = start;
      this.#kind = kind;
    }
    this.#end = end;
  }

  /** The groups; no piece may follow. */
  done(): Spans {
    this.#settle();
    this.#groups.add(this.#from, this.#end);
    return this.#groups;
  }

  /** Gives the piece that waits to the last group, or begins a new one with it. */
  #settle(): void {
    const joins =
      this.#kind === PUNCTUATION
        ? this.#last === SPACE || this.#last === WORD || this.#last === PUNCTUATION
        : this.#kind === WORD && this.#last === SPACE;
    if (!joins) {
      this.#groups.add(this.#from, this.#start);
      this.#from = this.#start;
    }
    this.#last = this.#kind;
  }

  #kindOf(start: number, end: number): number {
    let areSpaces = true;
    for (let at = start; at < end; ) {
      const code = this.#text.codePointAt(at)!;
      const found = classAt(code, this.#table);
      const next = at + width(code);
      if ((found & is.WHITE_SPACE) === 0)
        return (found & is.KIND) === is.PUNCTUATION && at === start && next === end
          ? PUNCTUATION
          : WORD;
      areSpaces &&= code === 0x20;
      at = next;
    }
    if (!areSpaces) return WHITESPACE;
    return end - start === 1 ? SPACE : SPACES;
  }
}
