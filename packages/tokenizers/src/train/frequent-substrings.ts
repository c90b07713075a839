/**
 * Finds the runs of bytes that words have often enough.
 *
 * Shapes   words as bytes with their counts  ->  runs of 2 to `maxLength` bytes, the most frequent first
 * Cost     O(n L) steps of a trie for n bytes of different words and runs of L; 4 bytes of scratch a byte, some 40 a run; O(r log r) to
 *          sort r runs
 * Order    of equally frequent runs the one with the smaller bytes goes first
 * Errors   the signal's reason
 */
import { Edges } from "../models/edges.js";
import type { ByteWords } from "./byte-words.js";
import { grown } from "./growing.js";
import type { Pace } from "./pace.js";

export interface SubstringRules {
  /** Bytes of a run. */
  readonly maxLength: number;
  readonly minFrequency: number;
  /** Runs at most. */
  readonly limit: number;
}

const PHASE = "counting substrings";

export async function frequentSubstrings(
  { bytes, starts, counts }: ByteWords,
  { maxLength, minFrequency, limit }: SubstringRules,
  pace: Pace,
): Promise<Uint8Array[]> {
  const edges = new Edges();
  // The empty run, which all go on from; then where each run was seen first, and its length.
  let frequencies = new Float64Array(1024).fill(Infinity, 0, 1);
  let places = new Int32Array(1024);
  let lengths = new Int32Array(1024);
  let size = 1;
  const isRare = (run: number): boolean => frequencies[run]! < minFrequency;
  /** By place, the run that begins there, of the last length or a rare one. */
  const runs = new Int32Array(bytes.length);
  for (let length = 1, known = 0; length <= maxLength && known < size; length++) {
    known = size;
    for (let word = 0; word < counts.length; word++) {
      const last = starts[word + 1]! - length;
      for (let at = starts[word]!; at <= last; at++) {
        const front = runs[at]!;
        if (isRare(front)) continue;
        if (length > 1 && isRare(runs[at + 1]!)) {
          runs[at] = runs[at + 1]!;
          continue;
        }
        let run = edges.get(front, bytes[at + length - 1]!);
        if (run < 0) {
          run = size++;
          edges.add(front, bytes[at + length - 1]!, run);
          frequencies = grown(frequencies, size);
          places = grown(places, size);
          lengths = grown(lengths, size);
          places[run] = at;
          lengths[run] = length;
        }
        frequencies[run]! += counts[word]!;
        runs[at] = run;
      }
      if (pace.spend(Math.max(1, last - starts[word]!))) await pace.rest(PHASE, length, maxLength);
    }
  }
  const found: number[] = [];
  for (let run = 1; run < size; run++) if (lengths[run]! > 1 && !isRare(run)) found.push(run);
  const bytesOf = (run: number) => bytes.subarray(places[run]!, places[run]! + lengths[run]!);
  found.sort((a, b) => frequencies[b]! - frequencies[a]! || byBytes(bytesOf(a), bytesOf(b)));
  return found.slice(0, limit).map((run) => bytesOf(run).slice());
}

/** The order of bytes; of two runs of which one begins the other, the shorter one goes first. */
export function byBytes(a: Uint8Array, b: Uint8Array): number {
  const end = Math.min(a.length, b.length);
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
