/**
 * Sorts the tokens of a vocabulary into classes: whole words' beginnings, inner parts, scripts, bytes, markers.
 *
 * Paper    Qtok, arXiv:2410.12989
 * Shapes   tokens as text, a leading space for the start of a word (`vocabularyTexts`)  ->  one class a token
 * Cost     O(characters log stretches of the table of names)
 * Differs  nothing from Qtok 0.11.0, which goes by the first word of each character's Unicode name (14.0): `ARABIC-INDIC`
 *          for digits, `CJK` for Han, `HALFWIDTH`; letters and digits of ASCII, and what GPT-2 writes bytes with, are
 *          `pure_unicode`; an empty token is `inner_other`
 * Errors   ArgumentError: a token that is no string
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { characterBytes } from "../text/byte-characters.js";
import { nameWords } from "./name-word.js";

/** `char`: one character. `spaced`: with a space in front. `inner`: what is left. `alpha`: all of one script. */
export type TokenCategory =
  | "control_tokens"
  | "pure_unicode"
  | "char_alpha"
  | "spaced_alpha"
  | "inner_alpha"
  | "char_other"
  | "spaced_other"
  | "inner_other"
  | "unicode_flanks"
  | "char_errors"
  | "spaced_errors"
  | "inner_errors";

export interface TokenClass {
  readonly category: TokenCategory;
  /** The script, where the category ends in `alpha`; else Qtok's second name of the class. */
  readonly kind: string;
}

export interface VocabularyClasses {
  /** By the order of the tokens. */
  readonly classes: readonly TokenClass[];
  readonly counts: ReadonlyMap<TokenCategory, number>;
  /** Tokens of one script, over all three places. */
  readonly scripts: ReadonlyMap<string, number>;
}

export function classifyVocabulary(tokens: Iterable<string>): VocabularyClasses {
  const classOf = classifier();
  const classes: TokenClass[] = [];
  const counts = new Map<TokenCategory, number>();
  const scripts = new Map<string, number>();
  for (const token of tokens) {
    if (typeof token !== "string") {
      throw new ArgumentError("classifyVocabulary", `token ${classes.length}`, "a string", token);
    }
    const found = classOf(token);
    classes.push(found);
    counts.set(found.category, (counts.get(found.category) ?? 0) + 1);
    if (found.category.endsWith("alpha")) {
      scripts.set(found.kind, (scripts.get(found.kind) ?? 0) + 1);
    }
  }
  return { classes, counts, scripts };
}

/** Between brackets these are words of HTML, not markers. */
const TAGS: readonly string[] = [
  ...["br", "h1", "h2", "h3", "h4", "h5", "h6", "b", "img", "li", "tr", "td", "p", "th", "u", "em"],
];

/** How a token is written whose bytes are no whole characters. */
export const FLANK = "<0y";

function classifier(): (token: string) => TokenClass {
  const wordOf = nameWords();
  const bytes = characterBytes();

  /** The script of all characters from unit `start`; null: none or several; undefined: some character has no name. */
  function scriptOf(token: string, start: number): string | null | undefined {
    let script: string | null | undefined;
    let isOne = true;
    for (let at = start; at < token.length; ) {
      const code = token.codePointAt(at)!;
      const word = wordOf(code);
      if (word === undefined) return undefined;
      if (at > start && word !== script) isOne = false;
      script = word;
      at += code > 0xffff ? 2 : 1;
    }
    return isOne ? (script ?? null) : null;
  }

  return (token) => {
    const first = token.codePointAt(0) ?? 0;
    if (token.length === (first > 0xffff ? 2 : 1)) {
      if ((bytes[first] ?? -1) >= 0) return { category: "pure_unicode", kind: "pure_unicode" };
      const script = scriptOf(token, 0);
      if (script === undefined) return { category: "char_errors", kind: "char_errors" };
      if (script === null) return { category: "char_other", kind: "char_other" };
      return { category: "char_alpha", kind: script };
    }
    if (token.startsWith(" ")) {
      const script = scriptOf(token, 1);
      if (script === undefined) return { category: "spaced_errors", kind: "spaced_errors" };
      if (script === null) return { category: "spaced_other", kind: "other" };
      return { category: "spaced_alpha", kind: script };
    }
    if (isControl(token)) return { category: "control_tokens", kind: "control_token" };
    if (token.startsWith(FLANK)) return { category: "unicode_flanks", kind: "unicode_flanks" };
    const script = scriptOf(token, 0);
    if (script === undefined) return { category: "inner_errors", kind: "errors" };
    if (script === null) return { category: "inner_other", kind: "other" };
    return { category: "inner_alpha", kind: script };
  };
}

function isControl(token: string): boolean {
  const isAngled = token.startsWith("<") && token.endsWith(">") && !token.includes(FLANK);
  if (!isAngled && !(token.startsWith("[") && token.endsWith("]"))) return false;
  return !TAGS.includes(token.slice(1, -1).toLowerCase().replaceAll("/", ""));
}
