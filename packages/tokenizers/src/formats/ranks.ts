/**
 * Reads the lines of a .tiktoken file: tokens in base64 with their ranks.
 *
 * Paper    none (the format of OpenAI's tiktoken; RFC 4648)
 * Cost     O(file); no string is made of a token
 * Errors   FormatError: a line that is none, a token or rank given twice, a byte that is missing, a limit
 */
import { FormatError } from "@frugal/tensor/errors";
import { ID_LIMIT } from "../limits.js";
import { ArenaBuilder, type TokenArena } from "../models/token-arena.js";
import { byteCharacters } from "../text/byte-characters.js";
import { counted, invalid, wholeNumber } from "./fields.js";

const [SPACE, LINE_FEED, EQUALS] = [0x20, 0x0a, 0x3d];
const LINE = /^([A-Za-z0-9+/]*={0,2}) (\d{1,10})$/;
/** Digits of a rank. */
const DIGIT_LIMIT = 10;

/** Whether a file looks like one; only its first line is read. */
export const isTiktoken = (text: string): boolean =>
  LINE.test(text.slice(0, Math.max(0, text.indexOf("\n"))).trimEnd());

/** Tokens in the byte alphabet of GPT-2, with their ranks, which are their ids. */
export function readRanks(file: Uint8Array): TokenArena {
  const count = lineCount(file);
  counted(count, "the file", ID_LIMIT - 1);
  const builder = new ArenaBuilder(count, file.length);
  const alphabet = byteCharacters();
  const values = base64Values();
  let line = 0;
  for (let start = 0, next = 0; start < file.length; start = next) {
    line++;
    next = file.indexOf(LINE_FEED, start) + 1 || file.length + 1;
    const end = trimmed(file, start, Math.min(next - 1, file.length));
    if (end === start) continue;
    let space = start;
    while (space < end && file[space] !== SPACE) space++;
    const rank = rankAt(file, space + 1, end);
    if (rank < 0) throw invalid(`line ${line}`, "is not a token in base64 and its rank");
    if (!appendDecoded(builder, file, start, space, values, alphabet))
      throw invalid(`line ${line}`, "is not base64");
    builder.finish(wholeNumber(rank, `line ${line}`, ID_LIMIT));
  }
  const ranks = builder.build(true);
  if (ranks.size < ranks.count || !ranks.hasDistinctIds())
    throw invalid("the file", "repeats a token or a rank");
  const missing = alphabet.findIndex((code) => !ranks.has(String.fromCharCode(code)));
  if (missing >= 0)
    throw new FormatError(
      "loadTokenizer",
      `the ranks lack the byte ${missing}, so some texts have no ids`,
    );
  return ranks;
}

function lineCount(file: Uint8Array): number {
  let count = 1;
  for (let i = 0; i < file.length; i++) if (file[i] === LINE_FEED) count++;
  return count;
}

/** The end without the white space before it. */
function trimmed(file: Uint8Array, start: number, end: number): number {
  let to = end;
  while (to > start && (file[to - 1] === SPACE || (file[to - 1]! >= 9 && file[to - 1]! <= 13)))
    to--;
  return to;
}

/** -1 where there is no number of at most ten digits. */
function rankAt(file: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > DIGIT_LIMIT) return -1;
  let rank = 0;
  for (let i = start; i < end; i++) {
    const digit = file[i]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    rank = rank * 10 + digit;
  }
  return rank;
}

/** Adds the bytes that a text in base64 stands for, as characters; false where it is none. */
function appendDecoded(
  builder: ArenaBuilder,
  file: Uint8Array,
  start: number,
  end: number,
  values: Int8Array,
  alphabet: Uint16Array,
): boolean {
  let to = end;
  if ((end - start) % 4 === 0)
    for (let i = 0; i < 2 && to > start && file[to - 1] === EQUALS; i++) to--;
  if ((to - start) % 4 === 1) return false;
  let bits = 0;
  let bitCount = 0;
  for (let i = start; i < to; i++) {
    const value = values[file[i]!]!;
    if (value < 0) return false;
    bits = ((bits << 6) | value) & 0xffff;
    bitCount += 6;
    if (bitCount < 8) continue;
    bitCount -= 8;
    builder.appendCode(alphabet[(bits >> bitCount) & 0xff]!);
  }
  return true;
}

/** The six bits of each letter, -1 for what is none, [256] i8. */
function base64Values(): Int8Array {
  const values = new Int8Array(256).fill(-1);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (let value = 0; value < letters.length; value++) values[letters.charCodeAt(value)] = value;
  return values;
}
