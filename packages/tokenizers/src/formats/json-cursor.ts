/**
 * Reads JSON from bytes, one thing after the other; big members are passed over and read later from where they stand.
 *
 * Paper    none (RFC 8259)
 * Cost     O(bytes); nothing is allocated for what is passed over
 * State    the place, and the text read last
 * Differs  as JSON.parse: of a key that occurs again the later value counts, `__proto__` is a key like any other, a lone
 *          surrogate may be written as an escape
 * Errors   FormatError with the byte: not JSON, not UTF-8, a limit
 */
import { FormatError } from "@frugal/tensor/errors";
import { JSON_DEPTH_LIMIT, JSON_VALUE_LIMIT } from "../limits.js";
import { appendCode, textAt } from "../text/wtf8.js";
import { hexadecimal, textStop } from "./json-text.js";

export type JsonValue = unknown;

/** A list or an object that was passed over: known to be JSON. */
export class JsonSpan {
  constructor(
    readonly bytes: Uint8Array,
    readonly start: number,
    readonly isList: boolean,
    /** Of the items or members. */
    readonly count: number,
    /** Bytes of all texts in it. */
    readonly textLength: number,
  ) {}

  cursor(path: string): JsonCursor {
    const cursor = new JsonCursor(this.bytes, path);
    cursor.at = this.start;
    return cursor;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];
const WORDS = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;

export class JsonCursor {
  at = 0;
  /** The text that `text` read last: `from[start, end)`, the file itself or, where it has escapes, a buffer. */
  from: Uint8Array;
  start = 0;
  end = 0;
  #unescaped = new Uint8Array(0);
  #valueCount = 0;

  /** `path` stands in errors. */
  constructor(
    readonly bytes: Uint8Array,
    readonly path: string,
  ) {
    this.from = bytes;
  }

  broken(problem: string, at = this.at): FormatError {
    return new FormatError("loadTokenizer", `${this.path} is not JSON in UTF-8: ${problem}`, {
      offset: at,
    });
  }

  /** The next byte that is no white space, -1 at the end. */
  peek(): number {
    const { bytes } = this;
    for (;;) {
      if (this.at >= bytes.length) return -1;
      const byte = bytes[this.at]!;
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09))
        return byte;
      this.at++;
    }
  }

  expect(byte: number): void {
    if (this.peek() !== byte)
      throw this.broken(`${JSON.stringify(String.fromCharCode(byte))} is expected`);
    this.at++;
  }

  /** After an item or member: true if another one follows, false behind `close`. */
  more(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close)
      throw this.broken(`"," or "${String.fromCharCode(close)}" is expected`);
    this.at++;
    return byte === COMMA;
  }

  /** Calls `onItem` before each item of a list, which it must read. */
  list(onItem: (index: number) => void): void {
    this.expect(OPEN_LIST);
    if (this.#isEmpty(CLOSE_LIST)) return;
    let index = 0;
    do onItem(index++);
    while (this.more(CLOSE_LIST));
  }

  /** Calls `onMember` before each value of an object, which it must read; the key is the text read last. */
  object(onMember: () => void): void {
    this.expect(OPEN);
    if (this.#isEmpty(CLOSE)) return;
    do {
      this.text();
      this.expect(COLON);
      onMember();
    } while (this.more(CLOSE));
  }

  #isEmpty(close: number): boolean {
    if (this.peek() !== close) return false;
    this.at++;
    return true;
  }

  /** Reads a string into `from`, `start`, `end`. */
  text(): void {
    if (this.peek() !== QUOTE) throw this.broken("a text is expected");
    const start = this.at + 1;
    const stop = textStop(this.bytes, start);
    if (this.bytes[stop] !== QUOTE) {
      this.#escaped(start, stop);
      return;
    }
    this.from = this.bytes;
    this.start = start;
    this.end = stop;
    this.at = stop + 1;
  }

  /** Goes on with a string that begins at `from` behind the characters up to `first`. */
  #escaped(from: number, first: number): void {
    const { bytes } = this;
    let length = 0;
    for (let start = from, stop = first; ; stop = textStop(bytes, start)) {
      this.at = stop;
      this.#makeRoom(length + stop - start + 4);
      this.#unescaped.set(bytes.subarray(start, stop), length);
      length += stop - start;
      const byte = bytes[stop];
      if (byte === QUOTE) break;
      if (byte !== BACKSLASH) throw this.broken(problemOf(byte));
      length = appendCode(this.#unescaped, length, this.#escape());
      start = this.at;
    }
    this.from = this.#unescaped;
    this.start = 0;
    this.end = length;
    this.at++;
  }

  #makeRoom(length: number): void {
    if (length <= this.#unescaped.length) return;
    const longer = new Uint8Array(Math.max(256, length * 2));
    longer.set(this.#unescaped);
    this.#unescaped = longer;
  }

  /** The code point of an escape, or a lone surrogate. */
  #escape(): number {
    const letter = this.bytes[this.at + 1] ?? 0;
    const place = '"\\/bfnrt'.indexOf(String.fromCharCode(letter));
    if (place >= 0 && letter !== 0) {
      this.at += 2;
      return '"\\/\b\f\n\r\t'.charCodeAt(place);
    }
    if (letter !== 0x75) throw this.broken("an escape is none");
    const unit = hexadecimal(this.bytes, this.at + 2);
    if (unit < 0) throw this.broken("an escape is none");
    this.at += 6;
    const isPair =
      (unit & 0xfc00) === 0xd800 &&
      this.bytes[this.at] === BACKSLASH &&
      this.bytes[this.at + 1] === 0x75;
    const low = isPair ? hexadecimal(this.bytes, this.at + 2) : 0;
    if ((low & 0xfc00) !== 0xdc00 || low < 0) return unit;
    this.at += 6;
    return ((unit - 0xd7c0) << 10) | (low & 0x3ff);
  }

  /** The text read last as a string. */
  string(): string {
    return textAt(this.from, this.start, this.end);
  }

  number(): number {
    this.peek();
    const { bytes } = this;
    const start = this.at;
    // Short whole numbers, which nearly all of them are.
    let value = 0;
    let at = start;
    while (at < bytes.length && bytes[at]! >= 0x30 && bytes[at]! <= 0x39)
      value = value * 10 + bytes[at++]! - 0x30;
    const isWhole = at > start && at - start < 16 && (bytes[start] !== 0x30 || at === start + 1);
    if (isWhole && bytes[at] !== 0x2e && ((bytes[at] ?? 0) | 0x20) !== 0x65) {
      this.at = at;
      return value;
    }
    while (at < bytes.length && "+-.0123456789eE".includes(String.fromCharCode(bytes[at]!))) at++;
    const text = textAt(bytes, start, at);
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text))
      throw this.broken("a value is expected");
    this.at = at;
    return Number(text);
  }

  #word(): boolean | null {
    for (const [word, value] of WORDS) {
      let i = 0;
      while (i < word.length && this.bytes[this.at + i] === word.charCodeAt(i)) i++;
      if (i < word.length) continue;
      this.at += i;
      return value;
    }
    throw this.broken("a value is expected");
  }

  /**
   * Reads a value. `isBig` says of a path of keys such as "model.vocab" whether a list or object there is passed over and
   * given as a JsonSpan.
   */
  value(isBig: (path: string) => boolean = () => false, path = "", depth = 0): JsonValue {
    const byte = this.peek();
    if (depth === 0) this.#valueCount = 0;
    if (++this.#valueCount > JSON_VALUE_LIMIT)
      throw new FormatError("loadTokenizer", `${this.path} holds too many values`, {
        offset: this.at,
        limit: String(JSON_VALUE_LIMIT),
      });
    if (byte === QUOTE) {
      this.text();
      return this.string();
    }
    if (byte === OPEN || byte === OPEN_LIST) {
      if (path !== "" && isBig(path)) return this.skip();
      if (depth >= JSON_DEPTH_LIMIT) throw this.#tooDeep();
      return byte === OPEN ? this.#members(isBig, path, depth) : this.#items(isBig, path, depth);
    }
    return byte === 0x2d || (byte >= 0x30 && byte <= 0x39) ? this.number() : this.#word();
  }

  #members(isBig: (path: string) => boolean, path: string, depth: number): object {
    const record: Record<string, unknown> = Object.create(null);
    this.object(() => {
      const key = this.string();
      record[key] = this.value(isBig, path === "" ? key : `${path}.${key}`, depth + 1);
    });
    return record;
  }

  #items(isBig: (path: string) => boolean, path: string, depth: number): unknown[] {
    const list: unknown[] = [];
    this.list((index) => list.push(this.value(isBig, `${path}[${index}]`, depth + 1)));
    return list;
  }

  /** Passes over a value. */
  skip(): JsonSpan {
    const start = this.at;
    const isList = this.peek() === OPEN_LIST;
    // Which lists and objects are open, as bits: 1 for a list.
    const open: boolean[] = [];
    let count = 0;
    let textLength = 0;
    for (;;) {
      const byte = this.peek();
      let isOpening = false;
      if (byte === QUOTE) {
        this.text();
        textLength += this.end - this.start;
      } else if (byte === OPEN || byte === OPEN_LIST) {
        if (open.length >= JSON_DEPTH_LIMIT) throw this.#tooDeep();
        this.at++;
        isOpening = !this.#isEmpty(byte + 2);
        if (isOpening) open.push(byte === OPEN_LIST);
      } else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) this.number();
      else this.#word();
      if (!isOpening) {
        while (open.length > 0 && !this.more(open.at(-1) ? CLOSE_LIST : CLOSE)) open.pop();
        if (open.length === 0) break;
      }
      if (open.length === 1) count++;
      if (!open.at(-1)) {
        this.text();
        textLength += this.end - this.start;
        this.expect(COLON);
      }
    }
    return new JsonSpan(this.bytes, start, isList, count, textLength);
  }

  #tooDeep(): FormatError {
    return new FormatError("loadTokenizer", `${this.path} is nested too deep`, {
      offset: this.at,
      limit: String(JSON_DEPTH_LIMIT),
    });
  }
}

function problemOf(byte: number | undefined): string {
  if (byte === undefined) return "the file ends inside a text";
  return byte < 0x20 ? "a control character stands in a text" : "a byte is no UTF-8";
}
