/**
 * Divides logits by a temperature: above 1 flatter, below 1 sharper.
 *
 * Paper    none; as transformers' TemperatureLogitsWarper
 * Shapes   logits [V] f32, in place
 * Cost     O(V)
 */
import type { LogitProcessor } from "./processor.js";

export function temperature(value: number): LogitProcessor {
  const divisor = Math.fround(value);
  return {
    name: "temperature",
    apply(logits) {
      for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) / divisor;
    },
  };
}
