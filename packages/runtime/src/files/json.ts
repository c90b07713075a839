/**
 * Reads JSON from files that nobody vouches for: strict, with limits, and with the byte where it breaks.
 *
 * Shapes   bytes of UTF-8  ->  values; objects have no prototype, so that no key reaches one
 * Cost     O(bytes) time; the text once, and the values
 * Differs  JSON.parse takes the last of two equal keys and nests without limit; both are refused here, and so is the key
 *          `__proto__`
 * Errors   FormatError with the offset: not UTF-8, not JSON, a key twice, too deep, too long
 */
import { FormatError } from "@frugal/tensor/errors";

/** Deepest known file is a tokenizer or a vision config, at 8; recursion stays far from the stack's end. */
export const MAX_JSON_DEPTH = 64;
/** The largest known JSON beside a model (a shard index with 100,000 names) is below 10 MiB. */
export const MAX_JSON_BYTES = 64 * 2 ** 20;

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export interface JsonOptions {
  /** Where the text begins in its file: added to every offset. Default 0. */
  readonly offset?: number;
  /** Default MAX_JSON_DEPTH. */
  readonly maxDepth?: number;
  /** Called with each key of the outermost object and its offset. */
  readonly onKey?: (key: string, offset: number) => void;
}

export function readJson(bytes: Uint8Array, where: string, options: JsonOptions = {}): JsonValue {
  const { offset = 0, maxDepth = MAX_JSON_DEPTH, onKey } = options;
  if (bytes.byteLength > MAX_JSON_BYTES) {
    const limit = `MAX_JSON_BYTES = ${MAX_JSON_BYTES}`;
    throw new FormatError(where, `JSON of ${bytes.byteLength} bytes is too long`, {
      offset,
      limit,
    });
  }
  const scanner = new Scanner(decoded(bytes, where, offset), where, offset, maxDepth, onKey);
  return scanner.whole();
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings may not hold them
const NEEDS_PARSING = /[\\\u0000-\u001f]/;
const WORDS = { true: true, false: false, null: null } as const;

class Scanner {
  #at = 0;
  readonly #text: string;
  readonly #where: string;
  readonly #offset: number;
  readonly #maxDepth: number;
  readonly #onKey: JsonOptions["onKey"];

  constructor(
    text: string,
    where: string,
    offset: number,
    maxDepth: number,
    onKey: JsonOptions["onKey"],
  ) {
    this.#text = text;
    this.#where = where;
    this.#offset = offset;
    this.#maxDepth = maxDepth;
    this.#onKey = onKey;
  }

  whole(): JsonValue {
    const value = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) this.#fail("something behind the JSON value");
    return value;
  }

  #value(depth: number): JsonValue {
    this.#skip();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(depth: number): JsonObject {
    this.#open(depth);
    const object = Object.create(null) as Record<string, JsonValue>;
    if (this.#takes("}")) return object;
    do {
      this.#skip();
      const start = this.#at;
      if (this.#text[start] !== '"') this.#fail("a key is missing");
      const key = this.#string();
      if (key === "__proto__") this.#fail("the key __proto__", start);
      if (key in object) this.#fail(`the key ${JSON.stringify(key.slice(0, 80))} twice`, start);
      if (depth === 0) this.#onKey?.(key, this.#byteAt(start));
      if (!this.#takes(":")) this.#fail("a colon is missing");
      object[key] = this.#value(depth + 1);
    } while (this.#takes(","));
    if (!this.#takes("}")) this.#fail("an object does not end");
    return object;
  }

  #array(depth: number): readonly JsonValue[] {
    this.#open(depth);
    const array: JsonValue[] = [];
    if (this.#takes("]")) return array;
    do array.push(this.#value(depth + 1));
    while (this.#takes(","));
    if (!this.#takes("]")) this.#fail("an array does not end");
    return array;
  }

  #open(depth: number): void {
    if (depth >= this.#maxDepth) {
      const limit = `depth ${this.#maxDepth}`;
      throw new FormatError(this.#where, "JSON nests too deep", { offset: this.#byteAt(), limit });
    }
    this.#at++;
  }

  #string(): string {
    const start = this.#at;
    const end = this.#closingQuote(start + 1);
    this.#at = end + 1;
    const inner = this.#text.slice(start + 1, end);
    if (!NEEDS_PARSING.test(inner)) return inner;
    try {
      return JSON.parse(`"${inner}"`) as string;
    } catch {
      return this.#fail("not a JSON string", start);
    }
  }

  /** The first quote from `from` on that an even number of backslashes stands before. */
  #closingQuote(from: number): number {
    for (let at = this.#text.indexOf('"', from); at >= 0; at = this.#text.indexOf('"', at + 1)) {
      let slashes = 0;
      while (at - slashes > from && this.#text[at - slashes - 1] === "\\") slashes++;
      if (slashes % 2 === 0) return at;
    }
    return this.#fail("a string does not end", from - 1);
  }

  #scalar(): JsonValue {
    for (const [word, value] of Object.entries(WORDS)) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const digits = this.#match(NUMBER);
    if (!digits) return this.#fail("not a JSON value");
    return Number(digits);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #skip(): void {
    this.#match(SPACE);
  }

  #takes(character: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  /** The byte that a place in the text came from. */
  #byteAt(index = this.#at): number {
    return this.#offset + new TextEncoder().encode(this.#text.slice(0, index)).length;
  }

  #fail(problem: string, index = this.#at): never {
    throw new FormatError(this.#where, problem, { offset: this.#byteAt(index) });
  }
}

function decoded(bytes: Uint8Array, where: string, offset: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(where, "not UTF-8", { offset: offset + firstBadByte(bytes), cause });
  }
}

/** Length of the longest prefix that decodes, by halving; a character cut at the end is no error while streaming. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (good < bad) {
    const middle = (good + bad + 1) >> 1;
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle - 1;
    }
  }
  return good;
}
