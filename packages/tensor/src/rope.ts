/**
 * Frequencies and angles of rotary position embeddings, as transformers computes them.
 *
 * Paper    RoPE, arXiv:2104.09864; YaRN, arXiv:2309.00071; llama3: the scaling of Llama 3.1's configuration
 * Shapes   inverse frequencies [D/2] f32; angles [n, D] f32: a row holds D/2 cosines, then D/2 sines
 * Units    frequencies in radians a position
 * Order    frequencies in f32 step by step, the angle is an f32 product of position and frequency: large positions agree
 *          with a model that was trained that way, not with an f64 table
 * Cost     O(n D)
 * Errors   ArgumentError for an option out of range, ShapeError for `out` of another length
 */
import { ArgumentError, ShapeError } from "./errors/index.js";

export type RopeScaling =
  | { readonly kind: "default" }
  | { readonly kind: "linear"; readonly factor: number }
  | {
      readonly kind: "llama3";
      readonly factor: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
      /** In positions. */
      readonly originalMaxPositions: number;
    }
  | {
      readonly kind: "yarn";
      readonly factor: number;
      /** In positions; default: `maxPositions`. */
      readonly originalMaxPositions?: number;
      /** Default 32. */
      readonly betaFast?: number;
      /** Default 1. */
      readonly betaSlow?: number;
      /** Default: from `factor` and the two scales. */
      readonly attentionFactor?: number;
      readonly mscale?: number;
      readonly mscaleAllDim?: number;
      /** Whole bounds of the ramp; default true. */
      readonly truncate?: boolean;
    };

export interface RopeOptions {
  readonly theta: number;
  /** Width that is rotated, even. */
  readonly headWidth: number;
  /** In positions. */
  readonly maxPositions?: number;
  readonly scaling?: RopeScaling;
}

export interface Rope {
  /** [D/2] */
  readonly inverseFrequencies: Float32Array;
  /** Factor of cosines and sines. */
  readonly attentionScaling: number;
}

const f32 = Math.fround;

export function ropeFrequencies(options: RopeOptions): Rope {
  const where = "ropeFrequencies";
  const { theta, headWidth } = options;
  positive(where, "theta", theta);
  if (!Number.isSafeInteger(headWidth) || headWidth < 2 || headWidth % 2 !== 0) {
    throw new ArgumentError(where, "headWidth", "an even positive integer", headWidth);
  }
  const scaling = options.scaling ?? { kind: "default" };
  const periods = new Float32Array(headWidth / 2);
  for (let i = 0; i < periods.length; i++) periods[i] = theta ** f32((2 * i) / headWidth);
  switch (scaling.kind) {
    case "default":
      return { inverseFrequencies: periods.map((p) => 1 / p), attentionScaling: 1 };
    case "linear": {
      positive(where, "factor", scaling.factor);
      const inverseFrequencies = periods.map((p) => f32(1 / p) / scaling.factor);
      return { inverseFrequencies, attentionScaling: 1 };
    }
    case "llama3":
      return { inverseFrequencies: llama3(where, periods, scaling), attentionScaling: 1 };
    case "yarn":
      return yarn(where, periods, scaling, options);
    default:
      throw new ArgumentError(where, "scaling.kind", "default, linear, llama3 or yarn", scaling);
  }
}

/** Long waves are stretched by the factor, short ones stay, those between are blended. */
function llama3(
  where: string,
  periods: Float32Array,
  scaling: Extract<RopeScaling, { kind: "llama3" }>,
): Float32Array {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high } = scaling;
  const original = scaling.originalMaxPositions;
  positive(where, "factor", factor);
  positive(where, "lowFrequencyFactor", low);
  positive(where, "originalMaxPositions", original);
  if (!(high > low)) {
    throw new ArgumentError(where, "highFrequencyFactor", "above lowFrequencyFactor", high);
  }
  return periods.map((period) => {
    const frequency = f32(1 / period);
    const wave = f32((2 * Math.PI) / frequency);
    if (wave > original / low) return frequency / factor;
    if (wave < original / high) return frequency;
    const share = f32(f32(f32(original / wave) - low) / (high - low));
    return f32(f32(f32(1 - share) * frequency) / factor) + f32(share * frequency);
  });
}

function yarn(
  where: string,
  periods: Float32Array,
  scaling: Extract<RopeScaling, { kind: "yarn" }>,
  { theta, headWidth, maxPositions }: RopeOptions,
): Rope {
  const { factor, betaFast = 32, betaSlow = 1, truncate = true } = scaling;
  const original = scaling.originalMaxPositions ?? maxPositions;
  positive(where, "factor", factor);
  positive(where, "betaFast", betaFast);
  positive(where, "betaSlow", betaSlow);
  positive(where, "originalMaxPositions", original);
  // The pair that turns `rotations` times over the original length.
  const pairOf = (rotations: number): number =>
    (headWidth * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const bounds = [pairOf(betaFast), pairOf(betaSlow)] as const;
  const low = Math.max(truncate ? Math.floor(bounds[0]) : bounds[0], 0);
  let high = Math.min(truncate ? Math.ceil(bounds[1]) : bounds[1], headWidth - 1);
  if (high === low) high += 0.001;
  const inverseFrequencies = periods.map((period, i) => {
    const ramp = Math.min(1, Math.max(0, f32(f32(i - low) / f32(high - low))));
    const kept = f32(1 - ramp); // 1: as trained; 0: stretched
    const stretched = f32(f32(1 / f32(factor * period)) * f32(1 - kept));
    return stretched + f32(f32(1 / period) * kept);
  });
  return { inverseFrequencies, attentionScaling: yarnAttentionScaling(scaling) };
}

function yarnAttentionScaling(scaling: Extract<RopeScaling, { kind: "yarn" }>): number {
  const { factor, attentionFactor, mscale, mscaleAllDim } = scaling;
  if (attentionFactor !== undefined) return attentionFactor;
  const scaleOf = (m: number): number => (factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1);
  return mscale && mscaleAllDim ? scaleOf(mscale) / scaleOf(mscaleAllDim) : scaleOf(1);
}

/**
 * Angles [n, D] of rows at `positions`.
 * @param options.scaled false: without the attention scaling. Default true.
 */
export function ropeAngles(
  rope: Rope,
  positions: ArrayLike<number>,
  out?: Float32Array,
  options: { readonly scaled?: boolean } = {},
): Float32Array {
  const { inverseFrequencies } = rope;
  const half = inverseFrequencies.length;
  const angles = out ?? new Float32Array(positions.length * 2 * half);
  checkOut("ropeAngles", angles, positions.length * 2 * half);
  const scale = f32((options.scaled ?? true) ? rope.attentionScaling : 1);
  for (let row = 0; row < positions.length; row++) {
    const position = positions[row]!;
    const at = row * 2 * half;
    for (let i = 0; i < half; i++) {
      const angle = f32(position * inverseFrequencies[i]!);
      angles[at + i] = f32(Math.cos(angle)) * scale;
      angles[at + half + i] = f32(Math.sin(angle)) * scale;
    }
  }
  return angles;
}

/**
 * Angles [n, D] that move a rotated key from one position to another: the difference of the two f32 angles, so the key
 * ends where rotating the raw one would have put it. Equal positions give exactly 1 and 0. Never scaled.
 */
export function ropeTurns(
  rope: Rope,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  out?: Float32Array,
): Float32Array {
  const { inverseFrequencies } = rope;
  const half = inverseFrequencies.length;
  if (from.length !== to.length) throw new ShapeError("ropeTurns", [from.length], [to.length]);
  const angles = out ?? new Float32Array(from.length * 2 * half);
  checkOut("ropeTurns", angles, from.length * 2 * half);
  for (let row = 0; row < from.length; row++) {
    const at = row * 2 * half;
    for (let i = 0; i < half; i++) {
      const frequency = inverseFrequencies[i]!;
      const turn = f32(to[row]! * frequency) - f32(from[row]! * frequency);
      angles[at + i] = Math.cos(turn);
      angles[at + half + i] = Math.sin(turn);
    }
  }
  return angles;
}

function positive(where: string, name: string, value: unknown): asserts value is number {
  if (!(typeof value === "number" && value > 0 && value < Infinity)) {
    throw new ArgumentError(where, name, "a positive number", value);
  }
}

function checkOut(where: string, out: Float32Array, length: number): void {
  if (out.length !== length) throw new ShapeError(where, [length], [out.length]);
}
