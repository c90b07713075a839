/** What gives a law over the next byte; laws over bytes can be mixed, whatever tokens are behind them. */
export interface ByteLaw {
  /** Adds bytes to the text. */
  push(bytes: Uint8Array): void;
  /** [257] f64, sum 1: the bytes, then the end of the text (any special token). */
  next(): Promise<Float64Array>;
  /** A copy that goes on by itself. */
  fork(): ByteLaw;
  dispose(): void;
}

/** Where `next` tells of the end of the text. */
export const END = 256;
export const LAW_SIZE = 257;
