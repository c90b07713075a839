/**
 * Turns classes and escapes of Oniguruma into JavaScript's (flag `u`).
 *
 * Differs  `\s` is White_Space (JavaScript's differs at U+0085 and U+FEFF), `\d` decimal digits of every script, `\w`
 *          letters, marks, digits and connectors of every script, `\h` a hexadecimal digit
 * Errors   FormatError for a broken class; CapabilityError for unknown properties
 */
import { invalid, unsupported } from "../formats/fields.js";
import { NESTING_LIMIT } from "../limits.js";
import { type Cursor, casesOf, escaped, literal } from "./characters.js";

/** `\w` of Oniguruma inside a class. */
const WORD = "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}";
/** Outside of one it has the superscripts and fractions below U+0100 too. */
const LONE_WORD = `${WORD}\u00b2\u00b3\u00b9\u00bc-\u00be`;
const SETS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["s", "\\p{White_Space}"],
  ["d", "\\p{Nd}"],
  ["w", WORD],
  ["h", "0-9A-Fa-f"],
]);
const CONTROLS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["f", "\f"],
  ["v", "\v"],
  ["a", "\x07"],
  ["e", "\x1b"],
  ["0", "\0"],
]);
const ANCHORS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["A", "^"],
  ["z", "$"],
  ["Z", "(?=\\n?$)"],
  ["b", `(?:(?<=[${LONE_WORD}])(?![${LONE_WORD}])|(?<![${LONE_WORD}])(?=[${LONE_WORD}]))`],
  ["B", `(?:(?<=[${LONE_WORD}])(?=[${LONE_WORD}])|(?<![${LONE_WORD}])(?![${LONE_WORD}]))`],
]);
const PROPERTIES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["alpha", "Alphabetic"],
  ["upper", "Uppercase"],
  ["lower", "Lowercase"],
  ["space", "White_Space"],
  ["digit", "Nd"],
  ["punct", "P"],
  ["any", "Any"],
]);

/** An escape outside a class. */
export function parseEscape(cursor: Cursor): string {
  const anchor = ANCHORS.get(cursor.source[cursor.at + 1] ?? "");
  if (anchor !== undefined) {
    cursor.at += 2;
    return anchor;
  }
  const item = classEscape(cursor);
  if ("set" in item) {
    const set = item.set === WORD ? LONE_WORD : item.set;
    return item.negated ? `[^${set}]` : `[${set}]`;
  }
  return literal(item.character, cursor.ignoreCase);
}

type Item = { readonly set: string; readonly negated: boolean } | { readonly character: string };

function classEscape(cursor: Cursor): Item {
  const { source, path } = cursor;
  const letter = String.fromCodePoint(source.codePointAt(cursor.at + 1) ?? 0);
  if (cursor.at + 1 >= source.length) throw invalid(path, "ends in a backslash");
  if (letter === "p" || letter === "P") return property(cursor);
  const code = /\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4}))/y;
  code.lastIndex = cursor.at;
  const found = code.exec(source);
  if (found !== null) {
    cursor.at += found[0].length;
    const value = Number.parseInt(found[1] ?? found[2] ?? found[3]!, 16);
    if (value > 0x10ffff) throw invalid(path, `has the character ${found[0]}`);
    return { character: String.fromCodePoint(value) };
  }
  cursor.at += 1 + letter.length;
  const set = SETS.get(letter.toLowerCase());
  if (set !== undefined) return { set, negated: letter !== letter.toLowerCase() };
  const control = CONTROLS.get(letter);
  if (control !== undefined) return { character: control };
  if (/[A-Za-z0-9]/.test(letter)) throw unsupported(`${path}: \\${letter}`);
  return { character: letter };
}

function property(cursor: Cursor): Item {
  const form = /\\([pP])\{(\^?)([A-Za-z_]+)\}/y;
  form.lastIndex = cursor.at;
  const found = form.exec(cursor.source);
  if (found === null) throw invalid(cursor.path, "has \\p without a name in braces");
  cursor.at += found[0].length;
  const negated = (found[1] === "P") !== (found[2] === "^");
  const name = PROPERTIES.get(found[3]!.toLowerCase()) ?? found[3]!;
  for (const candidate of [name, `Script=${name}`]) {
    if (compiles(`\\p{${candidate}}`)) return { set: `\\p{${candidate}}`, negated };
  }
  throw unsupported(`${cursor.path}: the property ${found[3]}`);
}

function compiles(source: string): boolean {
  try {
    new RegExp(source, "u");
    return true;
  } catch {
    return false;
  }
}

const POSIX: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["alpha", "\\p{Alphabetic}"],
  ["digit", "\\p{Nd}"],
  ["alnum", "\\p{Alphabetic}\\p{Nd}"],
  ["upper", "\\p{Uppercase}"],
  ["lower", "\\p{Lowercase}"],
  ["space", "\\p{White_Space}"],
  ["blank", "\\p{Zs}\\t"],
  ["punct", "\\p{P}\\p{S}"],
  ["cntrl", "\\p{Cc}"],
  ["xdigit", "0-9A-Fa-f"],
  ["word", WORD],
  ["ascii", "\\0-\\x7f"],
]);

/** `[:alpha:]` inside a class; null where another class begins. */
function posixClass(cursor: Cursor): { readonly set: string; readonly negated: boolean } | null {
  const form = /\[:(\^?)([a-z]+):\]/y;
  form.lastIndex = cursor.at;
  const found = form.exec(cursor.source);
  if (found === null) return null;
  const set = POSIX.get(found[2]!);
  if (set === undefined) throw unsupported(`${cursor.path}: the class ${found[0]}`);
  cursor.at += found[0].length;
  return { set, negated: found[1] === "^" };
}

/** A class in brackets. Always matches exactly one code point. */
export function parseClass(cursor: Cursor): string {
  if (++cursor.depth > NESTING_LIMIT) throw invalid(cursor.path, "nests classes too deep");
  cursor.at++;
  const negated = cursor.source[cursor.at] === "^";
  if (negated) cursor.at++;
  const sides: string[] = [];
  const start = cursor.at;
  let flat = "";
  let nested: string[] = [];
  const side = (): string => {
    const options = flat === "" ? nested : [`[${flat}]`, ...nested];
    flat = "";
    nested = [];
    if (options.length === 0) throw invalid(cursor.path, "has an empty class");
    return options.length === 1 ? options[0]! : `(?:${options.join("|")})`;
  };
  for (;;) {
    const next = cursor.source[cursor.at];
    if (next === undefined) throw invalid(cursor.path, "lacks a closing bracket");
    if (next === "]" && cursor.at > start) break;
    if (next === "[") {
      const item = posixClass(cursor);
      if (item === null) nested.push(parseClass(cursor));
      else if (item.negated) nested.push(`[^${item.set}]`);
      else flat += item.set;
    } else if (cursor.source.startsWith("&&", cursor.at)) {
      cursor.at += 2;
      sides.push(side());
    } else {
      const item = classItem(cursor);
      if ("set" in item && item.negated) nested.push(`[^${item.set}]`);
      else flat += "set" in item ? item.set : range(cursor, item.character);
    }
  }
  cursor.at++;
  cursor.depth--;
  if (sides.length === 0 && nested.length === 0) return negated ? `[^${flat}]` : `[${flat}]`;
  const last = side();
  const all = sides.map((s) => `(?=${s})`).join("") + last;
  return negated ? `(?:(?!${all})[^])` : `(?:${all})`;
}

function classItem(cursor: Cursor): Item {
  if (cursor.source[cursor.at] === "\\") return classEscape(cursor);
  const character = String.fromCodePoint(cursor.source.codePointAt(cursor.at)!);
  cursor.at += character.length;
  return { character };
}

/** One character or a range that begins with it. */
function range(cursor: Cursor, from: string): string {
  const next = cursor.source[cursor.at + 1];
  if (cursor.source[cursor.at] !== "-" || next === "]" || next === "[" || next === undefined)
    return (cursor.ignoreCase ? casesOf(from) : [from]).map(escaped).join("");
  cursor.at++;
  const to = classItem(cursor);
  if ("set" in to) return `${escaped(from)}\\-${to.negated ? "" : to.set}`;
  if (from.codePointAt(0)! > to.character.codePointAt(0)!)
    throw invalid(cursor.path, `has the range ${from}-${to.character}`);
  const plain = `${escaped(from)}-${escaped(to.character)}`;
  if (!cursor.ignoreCase) return plain;
  const both = `${from}${to.character}`;
  if (/^(?:[a-z]{2}|[A-Z]{2})$/.test(both))
    return caseRange(from.toLowerCase(), to.character.toLowerCase());
  if (both < "A" && to.character < "A") return plain;
  throw unsupported(`${cursor.path}: the range ${from}-${to.character} with case ignored`);
}

function caseRange(from: string, to: string): string {
  const extra = `${from <= "s" && to >= "s" ? "\\u017f" : ""}${from <= "k" && to >= "k" ? "\\u212a" : ""}`;
  return `${from}-${to}${from.toUpperCase()}-${to.toUpperCase()}${extra}`;
}
