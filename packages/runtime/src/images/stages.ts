/**
 * Refuses steps that this runtime would not run, before anything runs: stages, layers and the parts they tap.
 *
 * Errors   CapabilityError for a stage that is never reached or a signal that is not there yet; ArgumentError for a layer that
 *          does not run
 */
import {
  ArgumentError,
  CapabilityError,
  type ModelShape,
  type Stage,
  type Tap,
} from "@frugal/tensor";
import type { TokenStep } from "@frugal/vision-token-pruning";

export function refuseUnreachable(
  method: string,
  steps: readonly TokenStep[],
  model: ModelShape,
): void {
  for (const { stage, needs } of steps) {
    const known = partsAt(stage);
    if (known.length === 0) throw new CapabilityError(method, [`steps at ${stage.at}`]);
    if (stage.at === "encoder" || stage.at === "decoder") {
      const last = (model[stage.at]?.layerCount ?? 0) - 1;
      if (!Number.isInteger(stage.layer) || stage.layer < 0 || stage.layer > last) {
        const name = `stage.layer (${stage.at})`;
        throw new ArgumentError(method, name, `an integer in 0..${last}`, stage.layer);
      }
    }
    const early = Object.entries(needs).filter(([, { part }]) => !known.includes(part));
    if (early.length > 0) {
      const missing = early.map(
        ([name, { part }]) => `needs.${name} of the ${part} at ${stage.at}`,
      );
      throw new CapabilityError(method, missing);
    }
  }
}

/** Parts whose signals a stage can be given; none: the runtime does not stop there. */
function partsAt({ at }: Stage): readonly Tap["part"][] {
  switch (at) {
    case "encoder":
    case "features":
      return ["encoder"];
    case "prompt":
      return ["encoder", "projector"];
    case "decoder":
      return ["decoder"];
    default:
      return [];
  }
}
