/**
 * A seeded generator with independent branches.
 *
 * Paper    none: sfc32 (Chris Doty-Humphrey, PractRand), state filled by a multiply-and-rotate hash of seed and labels
 * Units    `next()` in [0, 1), 53 bits
 * State    128 bits a generator; a branch depends on seed and labels alone, never on what was drawn
 * Cost     O(1) a number, O(label) a branch
 * Errors   ArgumentError for a seed that is not a safe integer
 */
import { ArgumentError } from "./errors/index.js";
import type { Random } from "./types.js";

const WARM_UP = 12; // turns after which every bit of the state depends on every bit of the key

type Key = readonly [number, number, number, number];

export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) {
    throw new ArgumentError("createRandom", "seed", "a safe integer", seed);
  }
  return generator(hashed([0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef], `seed ${seed}`));
}

/** A number of the standard normal law (Box-Muller); two draws each. */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

function generator(key: Key): Random {
  let [a, b, c, counter] = key;
  const word = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < WARM_UP; i++) word();
  return {
    next: () => (word() * 2 ** 21 + (word() >>> 11)) * 2 ** -53,
    fork: (label) => generator(hashed(key, `${label.length} ${label}`)),
  };
}

function hashed(key: Key, text: string): Key {
  let [a, b, c, d] = key;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ unit, 0x239b961b);
    b = c ^ Math.imul(b ^ unit, 0xab0e9789);
    c = d ^ Math.imul(c ^ unit, 0x38b34ae5);
    d = a ^ Math.imul(d ^ unit, 0xa1e38b93);
  }
  a = Math.imul(c ^ (a >>> 18), 0x239b961b);
  b = Math.imul(d ^ (b >>> 22), 0xab0e9789);
  c = Math.imul(a ^ (c >>> 17), 0x38b34ae5);
  d = Math.imul(b ^ (d >>> 19), 0xa1e38b93);
  return [a ^ b ^ c ^ d, b ^ a, c ^ a, d ^ a];
}
