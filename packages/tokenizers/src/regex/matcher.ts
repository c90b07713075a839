/**
 * Finds all matches of a literal or of an expression, left to right, without overlap.
 *
 * Cost     linear for a literal; for an expression what the host's engine needs
 * Differs  repetitions of groups that hold a choice or a repetition of varying length are refused: they are the
 *          patterns on which a backtracking engine takes exponential time. Characters are those of Unicode 16.0: a
 *          younger one has no property
 * Errors   FormatError, CapabilityError at building; CapabilityError where the host's engine gives up on a text
 */
import { CapabilityError } from "@frugal/tensor/errors";
import { invalid, unsupported } from "../formats/fields.js";
import { classOf, SINCE_17 } from "../text/unicode-age.js";
import type { Dialect } from "./characters.js";
import { type Node, parsePattern, type Repeat } from "./parse.js";

export interface Matcher {
  each(text: string, onMatch: (start: number, end: number) => void): void;
}

export function matcherOf(
  pattern: { readonly literal: boolean; readonly source: string },
  path: string,
  dialect: Dialect = "oniguruma",
): Matcher {
  return pattern.literal
    ? literalMatcher(pattern.source)
    : expressionMatcher(pattern.source, path, dialect);
}

export function literalMatcher(needle: string): Matcher {
  return {
    each(text, onMatch) {
      if (needle.length === 0) return;
      for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length))
        onMatch(at, at + needle.length);
    },
  };
}

function expressionMatcher(source: string, path: string, dialect: Dialect): Matcher {
  const expression = compile(source, path, dialect);
  const namesLater = LATER.test(source);
  return {
    each(given, onMatch) {
      expression.lastIndex = 0;
      const text =
        !namesLater && LATER.test(given) ? given.replace(EVERY_LATER, unassigned) : given;
      for (let found = next(expression, text, path); found !== null; ) {
        const end = found.index + found[0].length;
        onMatch(found.index, end);
        if (end === found.index)
          expression.lastIndex = end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
        found = next(expression, text, path);
      }
    },
  };
}

const LATER = /* @__PURE__ */ new RegExp(`[${/* @__PURE__ */ classOf(SINCE_17)}]`, "u");
const EVERY_LATER = /* @__PURE__ */ new RegExp(LATER, "gu");

/** A character of the same length that no version has given out. */
const unassigned = (character: string): string => (character.length === 1 ? "\u0378" : "\u{dfffd}");

function next(expression: RegExp, text: string, path: string): RegExpExecArray | null {
  if (expression.lastIndex > text.length) return null;
  try {
    return expression.exec(text);
  } catch (cause) {
    throw new CapabilityError(
      "encode",
      [`${path} on a text of ${text.length} characters`],
      "Encode the text in parts.",
      [cause],
    );
  }
}

/** The expression for the host's engine, flags `gu`. `trusted`: also what may take exponential time. */
export function compile(
  source: string,
  path: string,
  dialect: Dialect = "oniguruma",
  trusted = false,
): RegExp {
  const groups: Groups = { count: 0, numbers: new Map(), trusted };
  const translated = emit(parsePattern(source, path, dialect), groups, path);
  try {
    return new RegExp(translated, "gu");
  } catch (cause) {
    throw invalid(path, "is not a valid expression", cause);
  }
}

function emit(node: Node, groups: Groups, path: string): string {
  switch (node.kind) {
    case "text":
      return node.source;
    case "sequence":
      return node.parts.map((part) => emit(part, groups, path)).join("");
    case "either":
      return `(?:${node.options.map((option) => emit(option, groups, path)).join("|")})`;
    case "look":
      return `${node.open}${emit(node.inner, groups, path)})`;
    case "atomic":
      return atomic(() => emit(node.inner, groups, path), groups);
    case "capture":
      return capture(node.number, node.inner, groups, path);
    case "reference":
      return `(?:\\${groups.numbers.get(node.number)})`;
    case "repeat":
      return repeat(node, groups, path);
  }
}

/** Numbers given to groups so far: of all of them, and of those of the pattern. */
interface Groups {
  readonly trusted: boolean;
  count: number;
  readonly numbers: Map<number, number>;
}

function capture(number: number, inner: Node, groups: Groups, path: string): string {
  groups.numbers.set(number, ++groups.count);
  return `(${emit(inner, groups, path)})`;
}

/** A look-ahead never gives back what it has matched. */
function atomic(inner: () => string, groups: Groups): string {
  const number = ++groups.count;
  return `(?:(?=(${inner()}))\\${number})`;
}

function repeat(node: Repeat, groups: Groups, path: string): string {
  if (!groups.trusted && node.most > 1 && varies(node.inner))
    throw unsupported(
      `${path}: a repeated group that holds a choice or a repetition`,
      "Write it as a class, or as an atomic group.",
    );
  const count = counted(node.least, node.most);
  const body = (): string => `(?:${emit(node.inner, groups, path)})${count}`;
  return node.mode === "+" ? atomic(body, groups) : body() + node.mode;
}

function counted(least: number, most: number): string {
  if (most === Infinity) return least === 0 ? "*" : least === 1 ? "+" : `{${least},}`;
  return least === 0 && most === 1 ? "?" : `{${least},${most}}`;
}

function varies(node: Node): boolean {
  switch (node.kind) {
    case "either":
    case "reference":
      return true;
    case "capture":
      return varies(node.inner);
    case "sequence":
      return node.parts.some(varies);
    case "repeat":
      return node.least !== node.most || varies(node.inner);
    default:
      return false;
  }
}
