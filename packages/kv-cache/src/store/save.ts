/** Writes a cache: the books as they are, the vectors decoded to float32. */
import type { KvFormat } from "@frugal/tensor";
import type { RaggedCache } from "./cache.js";
import { encodeFrame } from "./frame.js";

export interface SavedRun {
  readonly format: KvFormat;
  readonly length: number;
  readonly isWeighted: boolean;
}

export interface SavedLayer {
  readonly kvHeadCount: number;
  readonly headWidth: number;
  readonly afterCount: number;
  readonly isOrdered: boolean;
  /** [G][segments] */
  readonly heads: readonly (readonly SavedRun[])[];
}

export interface SavedCache {
  readonly format: KvFormat;
  readonly tokenCount: number;
  readonly sinks: number;
  readonly recent: number;
  readonly pins: readonly (readonly [number, number])[];
  readonly layers: readonly SavedLayer[];
}

export async function encodeCache(cache: RaggedCache): Promise<Uint8Array> {
  const header: SavedCache = {
    format: cache.format,
    tokenCount: cache.tokenCount,
    ...cache.spans,
    pins: cache.pins.map(({ from, to }) => [from, to]),
    layers: cache.stores.map((store) => ({
      kvHeadCount: store.heads.length,
      headWidth: store.headWidth,
      afterCount: store.after.length,
      isOrdered: store.isOrdered,
      heads: store.heads.map((runs) =>
        runs.map((run) => ({
          format: run.format,
          length: run.length,
          isWeighted: run.logWeights !== null,
        })),
      ),
    })),
  };
  // Books are copied and reads are asked for before the first await: steps that follow change nothing here.
  const parts: (Int32Array | Uint32Array | Float32Array | Promise<Float32Array>)[] = [
    cache.tokens.slice(),
  ];
  for (const store of cache.stores) {
    parts.push(store.after.view.slice());
    store.heads.forEach((runs, head) => {
      parts.push(store.origins[head]!.view.slice());
      for (const run of runs) {
        parts.push(run.positions.slice());
        if (run.logWeights) parts.push(run.logWeights.slice());
        const held = run.fork();
        const reading = Promise.all([held.read("key"), held.read("value")]).finally(() =>
          held.dispose(),
        );
        parts.push(
          reading.then(([keys]) => keys),
          reading.then(([, values]) => values),
        );
      }
    });
  }
  return encodeFrame(header, await Promise.all(parts));
}
