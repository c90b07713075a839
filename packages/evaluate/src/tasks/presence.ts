/**
 * Asks the class token alone which of the 64 (color, shape) pairs a picture holds; methods act inside the encoder.
 *
 * Shapes   head weight [64, C] and bias [64] over the pooled class token [C]
 * Units    quality: pictures with all 64 right; `f1` over the pairs of a picture; `tokens`: image tokens behind the encoder
 * Errors   CapabilityError for a model that cannot show its encoder; ShapeError for a head of another width
 */

import { presenceOf, scene } from "@frugal/reference-models";
import type { Floats } from "@frugal/tensor";
import { CapabilityError, ShapeError } from "@frugal/tensor/errors";
import type { ImageMethod, Item, Subject, Task } from "../types.js";
import { pictureOf } from "./vqa.js";

export interface PresenceHead {
  readonly weight: Floats;
  readonly bias: Floats;
}

export function presence(subject: Subject, head: PresenceHead): Task<ImageMethod> {
  return {
    name: "presence",
    title: "Encoder tokens: what the class token has seen",
    items: "pictures",
    quality: { name: "pictures all right", better: "higher", isShare: true },
    cost: "encoder tokens",
    async open(seed): Promise<Item<ImageMethod>> {
      const { pixels, ...shown } = scene(seed);
      const truth = presenceOf(shown);
      const picture = pictureOf(pixels);
      return {
        async run({ method }) {
          if (!subject.look) throw new CapabilityError(subject.name, ["a look at the encoder"]);
          const started = performance.now();
          const options = { ...(method ? { method } : {}), seed };
          const { pooled, state } = await subject.look(picture, options);
          const elapsedMs = performance.now() - started;
          const seen = pairsSeen(pooled, head);
          const hits = seen.reduce((sum, yes, i) => sum + (yes & truth[i]!), 0);
          const named = sum(seen) + sum(truth);
          return [
            {
              quality: seen.every((yes, i) => yes === truth[i]) ? 1 : 0,
              tokens: state.count,
              elapsedMs,
              details: { f1: named === 0 ? 1 : (2 * hits) / named },
            },
          ];
        },
      };
    },
  };
}

/** 1 for every pair whose logit is above 0. */
export function pairsSeen(pooled: Floats, { weight, bias }: PresenceHead): Uint8Array {
  const width = pooled.data.length;
  const pairs = bias.data.length;
  if (weight.data.length !== pairs * width) {
    throw new ShapeError("presence head", [pairs, width], weight.dims);
  }
  return Uint8Array.from({ length: pairs }, (_, pair) => {
    let logit = bias.data[pair]!;
    for (let c = 0; c < width; c++) logit += weight.data[pair * width + c]! * pooled.data[c]!;
    return logit > 0 ? 1 : 0;
  });
}

const sum = (values: Uint8Array): number => values.reduce((total, value) => total + value, 0);
