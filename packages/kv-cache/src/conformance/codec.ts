/** Rules of codecs. */
import { type Floats, FrugalError, floats, type Random } from "@frugal/tensor";
import type { Codec } from "../types.js";
import { between, type Claims, type Rule, rulesOf, sameNumbers } from "./rules.js";

interface CodecTrial {
  readonly codec: Codec;
  readonly count: number;
  readonly width: number;
  readonly vectors: Floats;
  readonly bytes: Uint8Array;
  readonly decoded: Float32Array;
  /** Coded and decoded once more. */
  readonly second: Float32Array;
  readonly zeros: Float32Array;
  readonly empty: Uint8Array;
  readonly wrote: boolean;
  /** What bytes that are one too few and one too many gave. */
  readonly refusals: readonly unknown[];
}

const CLAIMS: Claims<CodecTrial> = [
  ["has a name", ({ codec }) => codec.name.length > 0],
  [
    "takes the bytes it says",
    (t) =>
      t.bytes.length === t.codec.byteLength(t.count, t.width) &&
      t.empty.length === t.codec.byteLength(0, t.width),
  ],
  ["gives as many numbers back", (t) => t.decoded.length === t.count * t.width],
  [
    "errs by no more than the largest number",
    ({ vectors, decoded }) => {
      const largest = vectors.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      return decoded.every((x, i) => Math.abs(x - vectors.data[i]!) <= largest);
    },
  ],
  ["keeps zeros", ({ zeros }) => zeros.every((x) => x === 0)],
  [
    "adds no error the second time",
    ({ decoded, second }) =>
      second.every((x, i) => Math.abs(x - decoded[i]!) <= 1e-5 * Math.max(1, Math.abs(x))),
  ],
  ["changes nothing that it is lent", (t) => !t.wrote],
  [
    "refuses bytes of another length",
    ({ refusals }) => refusals.every((error) => FrugalError.is(error, "FormatError")),
  ],
];

/** Widths are multiples of 16. Use: `for (const rule of codecRules(() => myCodec())) test(rule.name, rule.check)`. */
export function codecRules(make: () => Codec, firstSeed = 1): readonly Rule[] {
  return rulesOf(
    CLAIMS,
    () => make().name,
    async (random) => trialOf(make(), random),
    firstSeed,
  );
}

function trialOf(codec: Codec, random: Random): CodecTrial {
  const count = between(random, 1, 20);
  const width = 16 * between(random, 1, 3);
  const kind = random.next() < 0.5 ? "key" : "value";
  const size = 10 ** (random.next() * 6 - 3);
  const data = Float32Array.from({ length: count * width }, () => (random.next() * 2 - 1) * size);
  const vectors = floats([count, width], data);
  const copy = data.slice();
  const bytes = codec.encode(vectors, kind);
  const wrote = !sameNumbers(copy, data);
  const decoded = codec.decode(bytes, count, width, kind);
  const again = codec.encode(floats([count, width], decoded.slice()), kind);
  const zeros = codec.encode(floats([count, width]), kind);
  const refusal = (wrong: Uint8Array) => {
    try {
      return codec.decode(wrong, count, width, kind);
    } catch (error) {
      return error;
    }
  };
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  return {
    codec,
    count,
    width,
    vectors,
    bytes,
    decoded,
    second: codec.decode(again, count, width, kind),
    zeros: codec.decode(zeros, count, width, kind),
    empty: codec.encode(floats([0, width]), kind),
    wrote,
    refusals: [refusal(bytes.subarray(1)), refusal(longer)],
  };
}
