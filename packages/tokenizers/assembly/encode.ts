/**
 * Encodes a stretch of text: machine, pieces seen before, whole tokens, merges.
 *
 * Paper    Sennrich et al., arXiv:1508.07909
 * Shapes   text [n] u8 at `text`, ids u32 at `out`; scratch behind both. A stretch that is not the last ends before a
 *          piece that more text may change, or that needs more memory than there is
 * Cost     one look-up a piece seen before; else find, then merge-short.ts, merge-long.ts or, linear, merge-windows.ts
 * Errors   `starved` is set where the host gives no memory for a piece
 */
import { reached } from "./characters";
import { allocate, hasRoom, mark, release } from "./memory";
import { mergeLong, scratchLength } from "./merge-long";
import { mergeShort, SHORT } from "./merge-short";
import { mergeWindows, WINDOW } from "./merge-windows";
import { byteId } from "./pairs";
import { scanCl100k } from "./scan-cl100k";
import { scanDeepseek } from "./scan-deepseek";
import { scanGpt2 } from "./scan-gpt2";
import { scanO200k } from "./scan-o200k";
import { keepTail } from "./runs";
import {
  findLong,
  findMiddle,
  findShort,
  keepLong,
  keepMiddle,
  keepShort,
  LONGEST,
  SHORTEST_LONG,
  SHORTEST_MIDDLE,
} from "./seen";
import { find } from "./vocabulary";

/** Bytes that vector reads may touch behind a text. */
const MARGIN: usize = 64;

let family: u32 = 0;
let digits: u32 = 0;
/** Of the family: numbersApart, marksInWords or contractions. */
let option: bool = false;
let base: usize = 0;
/** Where the caller puts the text, and finds the ids. */
export let text: usize = 0;
export let out: usize = 0;
let scratch: usize = 0;
/** Bytes that the last `encode` dealt with. */
export let consumed: u32 = 0;
export let starved: bool = false;
/** Bytes looked at by the machine so far, those looked at twice counted twice. */
export let read: u64 = 0;

/** `kind` 0: gpt2, 1: cl100k, 2: o200k, 3: deepseek. `flags` 1: the family's option, 2: whitespace at the end is one piece. */
export function setGrammar(kind: u32, most: u32, flags: u32): void {
  family = kind;
  digits = most;
  option = (flags & 1) != 0;
  keepTail((flags & 2) != 0);
}

/** Makes room for a text of `length` bytes; what stands at `text` stays. False where the host gives no memory. */
export function makeRoom(length: u32): bool {
  if (base == 0) base = mark();
  const before = mark();
  release(base);
  text = allocate(<usize>length + MARGIN);
  out = text == 0 ? 0 : allocate(((<usize>length) << 2) + MARGIN);
  if (out != 0) {
    scratch = mark();
    return true;
  }
  release(before);
  return false;
}

// @ts-ignore: decorator
@inline
function scan(at: usize, end: usize): usize {
  if (family == 2) return scanO200k(at, end, digits, option);
  if (family == 1) return scanCl100k(at, end, digits, option);
  if (family == 0) return scanGpt2(at, end, option);
  return scanDeepseek(at, end, digits);
}

/** A piece of two bytes or more that was not seen before; 0 where memory lacks. */
function encodeNew(from: usize, length: u32, to: usize): u32 {
  const id = find(from, length);
  if (id >= 0) {
    store<u32>(to, id);
    return 1;
  }
  if (length <= SHORT) return mergeShort(from, length, to);
  if (length > WINDOW) return mergeWindows(from, length, to, scratch);
  if (!hasRoom(<u64>scratch + scratchLength(length))) return 0;
  return mergeLong(from, length, to, scratch);
}

/** Encodes `length` bytes at `text`; returns how many ids stand at `out`, or only their number where `counting`. */
export function encode(length: u32, isLast: bool, counting: bool): u32 {
  let at = text;
  const end = text + length;
  let to = out;
  let total: u32 = 0;
  let looked: usize = 0;
  while (at < end) {
    const next = scan(at, end);
    looked += reached - at;
    if (!isLast && reached + 4 > end) break;
    const size = <u32>(next - at);
    let count: u32;
    if (size == 1) {
      store<u32>(to, byteId(load<u8>(at)));
      count = 1;
    } else if (size < SHORTEST_MIDDLE) {
      count = findShort(at, size, to);
      if (count == 0) {
        count = encodeNew(at, size, to);
        keepShort(at, size, to, count);
      }
    } else if (size < SHORTEST_LONG) {
      count = findMiddle(at, size, to);
      if (count == 0) {
        count = encodeNew(at, size, to);
        keepMiddle(at, size, to, count);
      }
    } else if (size <= LONGEST) {
      count = findLong(at, size, to);
      if (count == 0) {
        count = encodeNew(at, size, to);
        if (count != 0) keepLong(at, size, to, count);
      }
    } else count = encodeNew(at, size, to);
    if (count == 0) {
      starved = true;
      break;
    }
    total += count;
    if (!counting) to += (<usize>count) << 2;
    at = next;
  }
  consumed = <u32>(at - text);
  read += looked;
  return total;
}
