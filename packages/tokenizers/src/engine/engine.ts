/** What the fast ways of encoding have in common: a whole text without added tokens, ids without spans. */
import type { TokenSink } from "../models/sink.js";

export interface Engine {
  readonly path: "wasm" | "js";
  /** Adds the ids of `text` to the sink. */
  encode(text: string, sink: TokenSink): void;
  /** Work done so far, for tests of how it grows with the text: units read by the machine, pairs put in order. */
  readonly work: { readonly read: number; readonly queued: number };
}
