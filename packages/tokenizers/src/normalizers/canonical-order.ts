/**
 * Brings text into a Unicode form in linear time, also long rows of marks.
 *
 * Paper    none (Unicode Standard Annex 15, canonical ordering)
 * Cost     linear; the host alone is quadratic in a row of marks that are out of order
 * Differs  combining classes are compared by what the host does with two marks; no table is needed
 */
import { classOf, SINCE_10 } from "../text/unicode-age.js";

export type Form = "NFC" | "NFD" | "NFKC" | "NFKD";

const LATER = /* @__PURE__ */ new RegExp(`([${/* @__PURE__ */ classOf(SINCE_10)}])`, "u");
/** Rows of marks up to this length are left to the host. */
const LONG_ROW = /\p{M}{64}/u;
/** Marks of the lowest and of the highest combining class above 0. */
const LOWEST = "\u0334";
const HIGHEST = "\u0345";

/** The form by Unicode 9.0: a younger character stays, and parts what stands beside it. */
export function normalized(text: string, form: Form): string {
  if (!LATER.test(text)) return whole(text, form);
  return text
    .split(LATER)
    .map((part) => (LATER.test(part) ? part : whole(part, form)))
    .join("");
}

function whole(text: string, form: Form): string {
  return LONG_ROW.test(text) ? ordered(text, form).normalize(form) : text.normalize(form);
}

/** The text decomposed, each row of marks sorted by combining class; marks of one class stay in order. */
function ordered(text: string, form: Form): string {
  const decomposed = form === "NFC" || form === "NFD" ? "NFD" : "NFKD";
  const classes = new Classes();
  const rows = new Map<string, string[]>();
  const parts: string[] = [];
  for (const character of text) {
    for (const part of character.normalize(decomposed)) {
      const mark = classes.of(part);
      if (mark === "") {
        flush(rows, parts);
        parts.push(part);
      } else {
        const row = rows.get(mark);
        if (row === undefined) rows.set(mark, [part]);
        else row.push(part);
      }
    }
  }
  flush(rows, parts);
  return parts.join("");
}

function flush(rows: Map<string, string[]>, parts: string[]): void {
  if (rows.size === 0) return;
  for (const [, row] of [...rows].sort(([a], [b]) => compare(a, b))) parts.push(row.join(""));
  rows.clear();
}

/** Names each combining class by the first mark of it that was met; "" is class 0. */
class Classes {
  readonly #known = new Map<string, string>();
  readonly #marks: string[] = [];

  of(character: string): string {
    let mark = this.#known.get(character);
    if (mark === undefined) {
      mark = moves(character) ? this.#find(character) : "";
      this.#known.set(character, mark);
    }
    return mark;
  }

  #find(character: string): string {
    const found = this.#marks.find((mark) => compare(mark, character) === 0);
    if (found === undefined) this.#marks.push(character);
    return found ?? character;
  }
}

/** Whether the combining class is above 0: only then does the host move it past another mark. */
const moves = (character: string): boolean => swaps(HIGHEST, character) || swaps(character, LOWEST);

const compare = (a: string, b: string): number => (swaps(b, a) ? -1 : swaps(a, b) ? 1 : 0);

/** Whether the host puts the second before the first. */
const swaps = (first: string, second: string): boolean =>
  first !== second && (first + second).normalize("NFD") === second + first;
