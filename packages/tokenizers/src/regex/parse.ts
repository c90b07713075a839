/**
 * Parses an expression in the syntax of Oniguruma (Ruby), as tokenizer.json files hold them.
 *
 * Needs    alternation, groups (plain, atomic, look-around, with the flags i and m), quantifiers (greedy, lazy,
 *          possessive), classes with ranges, nesting and `&&`, properties, back references, the usual escapes and anchors
 * Cost     linear in the pattern
 * Errors   FormatError for a broken pattern; CapabilityError for other constructs
 */
import { invalid, unsupported } from "../formats/fields.js";
import { NESTING_LIMIT } from "../limits.js";
import { type Cursor, type Dialect, literal } from "./characters.js";
import { parseClass, parseEscape } from "./class.js";

export type Node =
  | { readonly kind: "text"; readonly source: string }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "either"; readonly options: readonly Node[] }
  | { readonly kind: "look"; readonly open: string; readonly inner: Node }
  | { readonly kind: "atomic"; readonly inner: Node }
  | { readonly kind: "capture"; readonly number: number; readonly inner: Node }
  | { readonly kind: "reference"; readonly number: number }
  | Repeat;

export interface Repeat {
  readonly kind: "repeat";
  readonly inner: Node;
  readonly least: number;
  readonly most: number;
  readonly mode: "" | "?" | "+";
}

/** Greatest count in `{n,m}`. */
const REPEAT_LIMIT = 1000;

export function parsePattern(source: string, path: string, dialect: Dialect): Node {
  const cursor: Cursor = {
    dialect,
    source,
    path,
    at: 0,
    ignoreCase: false,
    dotAll: false,
    groups: /\\[1-9]/.test(source) ? 0 : -1,
    depth: 0,
  };
  const node = either(cursor);
  if (cursor.at < source.length) throw invalid(path, "has a closing parenthesis too many");
  return node;
}

function either(cursor: Cursor): Node {
  const options = [sequence(cursor)];
  while (cursor.source[cursor.at] === "|") {
    cursor.at++;
    options.push(sequence(cursor));
  }
  return options.length === 1 ? options[0]! : { kind: "either", options };
}

function sequence(cursor: Cursor): Node {
  const parts: Node[] = [];
  while (cursor.at < cursor.source.length) {
    const next = cursor.source[cursor.at]!;
    if (next === "|" || next === ")") break;
    parts.push(quantified(cursor, atom(cursor, next)));
  }
  return { kind: "sequence", parts };
}

function atom(cursor: Cursor, next: string): Node {
  if (next === "(") return group(cursor);
  if (next === "[") return { kind: "text", source: parseClass(cursor) };
  if (next === "\\" && /[1-9]/.test(cursor.source[cursor.at + 1] ?? "")) return reference(cursor);
  if (next === "\\") return { kind: "text", source: parseEscape(cursor) };
  cursor.at++;
  if (next === ".") return { kind: "text", source: cursor.dotAll ? "[^]" : "[^\\n]" };
  if (next === "^")
    return { kind: "text", source: cursor.dialect === "rust" ? "(?<![^])" : "(?<![^\\n])" };
  if (next === "$")
    return { kind: "text", source: cursor.dialect === "rust" ? "(?![^])" : "(?![^\\n])" };
  if ("*+?".includes(next)) throw invalid(cursor.path, `has ${next} with nothing before it`);
  const character = String.fromCodePoint(cursor.source.codePointAt(--cursor.at)!);
  cursor.at += character.length;
  return { kind: "text", source: literal(character, cursor.ignoreCase) };
}

/** A group before this place, by its number. */
function reference(cursor: Cursor): Node {
  const [digits] = /\d+/.exec(cursor.source.slice(cursor.at))!;
  const number = Number(digits);
  if (number > cursor.groups)
    throw invalid(cursor.path, `refers to the group ${digits}, which does not stand before it`);
  if (cursor.ignoreCase || /\(\?<[A-Za-z_]/.test(cursor.source))
    throw unsupported(`${cursor.path}: \\${digits} with named groups or with case ignored`);
  cursor.at += 1 + digits.length;
  return { kind: "reference", number };
}

function group(cursor: Cursor): Node {
  if (++cursor.depth > NESTING_LIMIT) throw invalid(cursor.path, "nests groups too deep");
  const { ignoreCase, dotAll } = cursor;
  const opening = /\((?:\?(?:<?[=!]|[>:]|([im]*)(?:-([im]+))?([:)])|<[A-Za-z_]\w*>))?/y;
  opening.lastIndex = cursor.at;
  const open = opening.exec(cursor.source)!;
  const mark = open[0];
  cursor.at += mark.length;
  if (mark === "(" && cursor.source[cursor.at] === "?")
    throw unsupported(
      `${cursor.path}: the group ${cursor.source.slice(cursor.at - 1, cursor.at + 3)}`,
    );
  for (const [flags, value] of [
    [open[1] ?? "", true],
    [open[2] ?? "", false],
  ] as const) {
    if (flags.includes("i")) cursor.ignoreCase = value;
    if (flags.includes("m")) cursor.dotAll = value;
  }
  if (open[3] === ")") {
    // `(?i)` holds up to the end of the enclosing group, alternatives included.
    cursor.depth--;
    return either(cursor);
  }
  const number = mark === "(" && cursor.groups >= 0 ? ++cursor.groups : 0;
  const inner = either(cursor);
  if (cursor.source[cursor.at] !== ")") throw invalid(cursor.path, "lacks a closing parenthesis");
  cursor.at++;
  cursor.depth--;
  cursor.ignoreCase = ignoreCase;
  cursor.dotAll = dotAll;
  if (/^\(\?<?[=!]$/.test(mark)) return { kind: "look", open: mark, inner };
  if (number > 0) return { kind: "capture", number, inner };
  return mark === "(?>" ? { kind: "atomic", inner } : inner;
}

function quantified(cursor: Cursor, inner: Node): Node {
  const form = /(?:([*+?])|\{(\d*)(,?)(\d*)\})([?+]?)/y;
  form.lastIndex = cursor.at;
  const found = form.exec(cursor.source);
  if (found === null || (found[1] === undefined && !found[2] && !found[4])) return inner;
  cursor.at += found[0].length;
  const mode = found[5] as "" | "?" | "+";
  if (inner.kind === "look") throw unsupported(`${cursor.path}: a repeated look-around`);
  if (found[1] === undefined && mode === "+" && cursor.dialect === "oniguruma")
    throw unsupported(`${cursor.path}: ${found[0]}`, "Write the repetition without a nested one.");
  if ("*+?{".includes(cursor.source[cursor.at] ?? "x"))
    throw unsupported(`${cursor.path}: a repeated repetition`);
  const least = found[1] === undefined ? Number(found[2] || 0) : found[1] === "+" ? 1 : 0;
  const most = upper(found, least);
  if (least > most || least > REPEAT_LIMIT || (most > REPEAT_LIMIT && most !== Infinity))
    throw invalid(cursor.path, `has the repetition ${found[0]}`);
  return { kind: "repeat", inner, least, most, mode };
}

function upper(found: RegExpExecArray, least: number): number {
  if (found[1] !== undefined) return found[1] === "?" ? 1 : Infinity;
  if (found[3] === "") return least;
  return found[4] === "" ? Infinity : Number(found[4]);
}
