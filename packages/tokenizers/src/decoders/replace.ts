/**
 * Replaces every match of a pattern in a token, or in the text of joined tokens.
 *
 * Cost     linear for a literal; joined, at most its length less one is held back
 */
import type { Matcher } from "../regex/matcher.js";
import type { StageKind } from "./stage.js";

export function replaceToken(token: string, matcher: Matcher, content: string): string {
  let out = "";
  let done = 0;
  matcher.each(token, (start, end) => {
    out += token.slice(done, start) + content;
    done = end;
  });
  return done === 0 && out === "" ? token : out + token.slice(done);
}

export function replaceJoined(needle: string, content: string): StageKind {
  return {
    joins: true,
    make: () => {
      let held = "";
      return {
        push(piece, emit) {
          const text = held + piece;
          if (needle === "") {
            emit(text);
            return;
          }
          let out = "";
          let done = 0;
          for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, done)) {
            out += text.slice(done, at) + content;
            done = at + needle.length;
          }
          const rest = Math.max(done, text.length - possibleStart(text, done, needle));
          held = text.slice(rest);
          out += text.slice(done, rest);
          if (out !== "") emit(out);
        },
        end(emit) {
          if (held !== "") emit(held);
          held = "";
        },
      };
    },
  };
}

/** Length of the longest end of `text[from..]` that begins `needle`. */
function possibleStart(text: string, from: number, needle: string): number {
  for (let length = Math.min(needle.length - 1, text.length - from); length > 0; length--)
    if (needle.startsWith(text.slice(text.length - length))) return length;
  return 0;
}
