/**
 * Reads the rotary positions of a config: `rope_theta` and `rope_scaling`, or `rope_parameters` of transformers 5.
 *
 * Units    lengths in positions
 * Errors   FormatError for a value outside its limit, CapabilityError for a kind of scaling that is not built
 */
import type { RopeOptions } from "@frugal/tensor";
import { CapabilityError } from "@frugal/tensor/errors";
import { POSITIONS } from "./config-limits.js";
import type { Fields, Range } from "./fields.js";

export type RopeConfig = RopeOptions & { readonly maxPositions: number };

/** Published bases reach 1e9 (ten million positions). */
const THETA: Range = { least: 1e-3, most: 1e12, limit: "MAX_ROPE_THETA = 1e12" };
/** Published factors reach 64. */
const FACTOR: Range = { least: 1e-3, most: 1e6, limit: "MAX_ROPE_FACTOR = 1e6" };
const BETA: Range = { least: 1e-3, most: 1e6 };
const SCALE: Range = { least: 1e-6, most: 1e6 };

export function ropeOf(fields: Fields, headWidth: number, maxPositions: number): RopeConfig {
  const isNew = fields.has("rope_parameters");
  const inner = fields.inner(isNew ? "rope_parameters" : "rope_scaling");
  inner.refuse("partial_rotary_factor", 1);
  const theta = (inner.has("rope_theta") ? inner : fields).number("rope_theta", THETA, 10_000);
  const base = { theta, headWidth, maxPositions };
  const kind = inner.text("rope_type", inner.text("type", "default"));
  switch (kind) {
    case "default":
      return base;
    case "linear":
      return { ...base, scaling: { kind, factor: inner.number("factor", FACTOR) } };
    case "llama3":
      return { ...base, scaling: llama3Of(inner) };
    case "yarn":
      return { ...base, scaling: yarnOf(inner, maxPositions) };
    default:
      throw new CapabilityError(
        inner.where,
        [`rope_type ${JSON.stringify(kind.slice(0, 80))}`],
        "Known: default, linear, llama3, yarn",
      );
  }
}

type Scaling<K extends string> = Extract<NonNullable<RopeOptions["scaling"]>, { readonly kind: K }>;

function llama3Of(inner: Fields): Scaling<"llama3"> {
  const lowFrequencyFactor = inner.number("low_freq_factor", FACTOR);
  const highFrequencyFactor = inner.number("high_freq_factor", FACTOR);
  if (highFrequencyFactor <= lowFrequencyFactor) {
    inner.fail("high_freq_factor", "above low_freq_factor", highFrequencyFactor);
  }
  return {
    kind: "llama3",
    factor: inner.number("factor", FACTOR),
    lowFrequencyFactor,
    highFrequencyFactor,
    originalMaxPositions: inner.count("original_max_position_embeddings", POSITIONS),
  };
}

function yarnOf(inner: Fields, maxPositions: number): Scaling<"yarn"> {
  const originalMaxPositions = inner.count(
    "original_max_position_embeddings",
    POSITIONS,
    maxPositions,
  );
  const optional = <N extends string>(name: N, field: string, range: Range) =>
    inner.has(field) ? ({ [name]: inner.number(field, range) } as Record<N, number>) : {};
  return {
    kind: "yarn",
    factor: inner.number("factor", FACTOR, maxPositions / originalMaxPositions),
    originalMaxPositions,
    truncate: inner.flag("truncate", true),
    ...optional("betaFast", "beta_fast", BETA),
    ...optional("betaSlow", "beta_slow", BETA),
    ...optional("attentionFactor", "attention_factor", SCALE),
    ...optional("mscale", "mscale", SCALE),
    ...optional("mscaleAllDim", "mscale_all_dim", SCALE),
  };
}
