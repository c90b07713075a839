/**
 * A decoder's sizes and the weights of its layers, by the names of Hugging Face checkpoints.
 *
 * Shapes   linear layers [outputs, inputs]; norms [C]
 * Errors   FormatError for a tensor that is absent or has another shape
 */
import type { Tensor, Weight } from "@frugal/tensor";
import type { Rope } from "@frugal/tensor/rope";
import type { WeightReader } from "./weights.js";

export interface DecoderConfig {
  readonly layerCount: number;
  readonly width: number;
  readonly queryHeadCount: number;
  readonly kvHeadCount: number;
  readonly headWidth: number;
  readonly ffnWidth: number;
  readonly vocabularySize: number;
  readonly normEpsilon: number;
  readonly activation: "silu" | "gelu" | "geluTanh" | "relu";
  readonly rope: Rope;
  readonly maxPositions: number;
  readonly isTied: boolean;
}

export interface DecoderLayer {
  readonly attentionNorm: Tensor;
  readonly query: Weight;
  readonly key: Weight;
  readonly value: Weight;
  readonly output: Weight;
  readonly ffnNorm: Tensor;
  readonly gate: Weight;
  readonly up: Weight;
  readonly down: Weight;
}

export function readLayers(reader: WeightReader, config: DecoderConfig): readonly DecoderLayer[] {
  const { width: C, headWidth: D, ffnWidth: F } = config;
  const queryWidth = config.queryHeadCount * D;
  const kvWidth = config.kvHeadCount * D;
  return Array.from({ length: config.layerCount }, (_, i) => {
    const at = reader.under(`layers.${i}.`);
    return {
      attentionNorm: at.tensor("input_layernorm.weight", [C]),
      query: at.linear("self_attn.q_proj", queryWidth, C),
      key: at.linear("self_attn.k_proj", kvWidth, C),
      value: at.linear("self_attn.v_proj", kvWidth, C),
      output: at.linear("self_attn.o_proj", C, queryWidth),
      ffnNorm: at.tensor("post_attention_layernorm.weight", [C]),
      gate: at.linear("mlp.gate_proj", F, C),
      up: at.linear("mlp.up_proj", F, C),
      down: at.linear("mlp.down_proj", C, F),
    };
  });
}
