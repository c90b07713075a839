/**
 * Finds added tokens in a text, leftmost first, the longest first.
 *
 * Paper    none (the added vocabulary of Hugging Face tokenizers)
 * Cost     O(n) for n units on text without added tokens; at worst n times the longest token, which is limited
 * Differs  where a token that takes the whitespace behind it has taken the beginning of another, the search goes on
 *          behind the whitespace; the original gives overlapping tokens there
 */

import { Trie, type TrieText } from "./models/trie.js";
import { RUST_WORD } from "./text/rust-word.js";

const ROOT = 0;

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Matches only where no word character stands beside it. */
  readonly singleWord: boolean;
  /** Takes in the whitespace before it, and behind it. */
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
  /** Is looked for in the normalized text. */
  readonly normalized: boolean;
  readonly special: boolean;
}

export interface AddedTokenFinder {
  /**
   * Calls `between` for stretches of plain text and `found` for tokens, in order, all of the text; neither for empty
   * stretches. A token for which `isText` says true is plain text.
   */
  scan(
    text: string,
    isText: (token: AddedToken) => boolean,
    between: (start: number, end: number) => void,
    found: (token: AddedToken, start: number, end: number) => void,
  ): void;
}

/** `contentOf` gives the text by which a token is found. Null where there is nothing to find. */
export function addedTokenFinder(
  tokens: readonly AddedToken[],
  contentOf: (token: AddedToken) => string,
  /** After a token that is plain text, look on from its second character, not from behind it. */
  searchInside = false,
): AddedTokenFinder | null {
  const units = new Set<number>();
  const texts: TrieText[] = [];
  // Of tokens with one text the first one counts.
  for (let value = tokens.length - 1; value >= 0; value--) {
    const text = contentOf(tokens[value]!);
    if (text === "") continue;
    texts.push({ text, root: ROOT, value });
    units.add(text.charCodeAt(0));
  }
  if (texts.length === 0) return null;
  const trie = new Trie(texts, 1);
  const beginnings = beginningsOf([...units]);
  let beforeWord: RegExp | undefined;
  let afterWord: RegExp | undefined;

  function longestAt(text: string, start: number): [AddedToken, number] | undefined {
    let best: [AddedToken, number] | undefined;
    let node = ROOT;
    for (let i = start; i < text.length; ) {
      node = trie.child(node, text.charCodeAt(i++));
      if (node < 0) break;
      const found = trie.value[node]!;
      if (found >= 0) best = [tokens[found]!, i];
    }
    return best;
  }

  function standsAlone(text: string, start: number, end: number): boolean {
    // Made only where a token asks for them: they are large.
    afterWord ??= new RegExp(`${RUST_WORD}$`, "u");
    beforeWord ??= new RegExp(`^${RUST_WORD}`, "u");
    return (
      !afterWord.test(text.slice(Math.max(0, start - 2), start)) &&
      !beforeWord.test(text.slice(end, end + 2))
    );
  }

  return {
    scan(text, isText, between, found) {
      const nextFrom = beginnings(text);
      let done = 0;
      let at = 0;
      while (true) {
        at = nextFrom(at);
        if (at >= text.length) break;
        const match = longestAt(text, at);
        if (match === undefined) {
          at++;
          continue;
        }
        const [token, matchEnd] = match;
        if (isText(token) || (token.singleWord && !standsAlone(text, at, matchEnd))) {
          at = searchInside ? at + 1 : matchEnd;
          continue;
        }
        const start = token.stripLeft ? whitespaceStart(text, at, done) : at;
        const end = token.stripRight ? whitespaceEnd(text, matchEnd) : matchEnd;
        if (start > done) between(done, start);
        found(token, start, end);
        done = end;
        at = end;
      }
      if (done < text.length) between(done, text.length);
    },
  };
}

/** Up to so many different units the host's own search for each is faster than a look at every unit. */
const FEW = 4;

/** Of a text: the first place from `from` on where one of `units` stands, the text's length where none does. */
function beginningsOf(units: readonly number[]): (text: string) => (from: number) => number {
  if (units.length <= FEW) {
    const characters = units.map((unit) => String.fromCharCode(unit));
    return (text) => {
      const places = characters.map(() => -1);
      return (from) => {
        let least = text.length;
        for (let i = 0; i < characters.length; i++) {
          if (places[i]! < from) {
            const place = text.indexOf(characters[i]!, from);
            places[i] = place < 0 ? text.length : place;
          }
          least = Math.min(least, places[i]!);
        }
        return least;
      };
    };
  }
  // By the low byte: most units need no more than this.
  const lowBytes = new Uint8Array(256);
  for (const unit of units) lowBytes[unit & 255] = 1;
  return (text) => (from) => {
    let at = from;
    while (at < text.length && lowBytes[text.charCodeAt(at) & 255] === 0) at++;
    return at;
  };
}

function whitespaceStart(text: string, end: number, limit: number): number {
  let start = end;
  while (start > limit && isWhitespace(text.charCodeAt(start - 1))) start--;
  return start;
}

function whitespaceEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && isWhitespace(text.charCodeAt(end))) end++;
  return end;
}

/** White_Space of Unicode; every such character is one unit. */
export const isWhitespace = (code: number): boolean =>
  code === 0x20 ||
  (code >= 9 && code <= 13) ||
  code === 0x85 ||
  code === 0xa0 ||
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x200a) ||
  code === 0x2028 ||
  code === 0x2029 ||
  code === 0x202f ||
  code === 0x205f ||
  code === 0x3000;
