/** A small cache with rows of seeded numbers, for tests that look at slots. */
import {
  type Backend,
  type CacheLayout,
  createRandom,
  floats,
  type KvFormat,
} from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { createCache } from "../src/store/cache.js";
import type { Cache, RopeRotation } from "../src/types.js";

export interface Filled {
  readonly cache: Cache;
  readonly backend: Backend;
  /** Appends `count` rows to every layer, at its next positions. */
  grow(count: number, cache?: Cache): void;
}

export function plainLayout(layers = 2, kvHeadCount = 2, headWidth = 4): CacheLayout {
  return {
    model: {
      decoder: {
        layerCount: layers,
        queryHeadCount: 2 * kvHeadCount,
        kvHeadCount,
        headWidth,
        width: 8 * headWidth,
        vocabularySize: 1000,
      },
    },
    layers: Array.from({ length: layers }, () => ({ kind: "attention", kvHeadCount, headWidth })),
  };
}

export function filled(
  count: number,
  options: {
    readonly layout?: CacheLayout;
    readonly format?: KvFormat;
    readonly rope?: RopeRotation;
  } = {},
): Filled {
  const backend = referenceBackend();
  const { layout = plainLayout(), ...rest } = options;
  const cache = createCache({ backend, layout, ...rest });
  const random = createRandom(3);
  const grow = (rows: number, to: Cache = cache): void => {
    to.begin({ tokens: Uint32Array.from({ length: rows }, (_, i) => to.tokenCount + i) });
    layout.layers.forEach(({ kvHeadCount, headWidth }, layer) => {
      const dims = [rows, kvHeadCount * headWidth];
      const noise = () =>
        backend.upload(
          floats(
            dims,
            Float32Array.from({ length: dims[0]! * dims[1]! }, () => random.next()),
          ),
        );
      const [keys, values] = [noise(), noise()];
      const first = to.nextPosition(layer);
      const positions = Int32Array.from({ length: rows }, (_, i) => first + i);
      to.append(layer, { keys, values, firstRow: 0, rows, positions });
      keys.dispose();
      values.dispose();
    });
  };
  grow(count);
  return { cache, backend, grow };
}
