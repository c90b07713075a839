/**
 * Chooses how a tokenizer encodes: by WebAssembly, by the machine in plain JavaScript, or by the general pipeline.
 *
 * Needs    a byte-level BPE model with all 256 bytes, and a pre-tokenizer that grammar.ts knows
 * Differs  nothing falls back in silence: the tokenizer's `path` says which way was taken and why no faster one was
 * Errors   ArgumentError for a way that is none
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { AddedToken } from "../added-tokens.js";
import type { BpeParts } from "../models/bpe.js";
import type { Step } from "../pre-tokenizers/build.js";
import type { EncodingPath } from "../types.js";
import { instantiated } from "./binary.js";
import { type ByteVocabulary, byteVocabulary } from "./byte-vocabulary.js";
import { characterClasses } from "./classes.js";
import type { Scan } from "./common.js";
import type { Engine } from "./engine.js";
import { type Grammar, recognized } from "./grammar.js";
import { jsEngine } from "./js-engine.js";
import { scanOf, splitterOf } from "./scan.js";
import { wasmEngine } from "./wasm-engine.js";

export interface Accelerated {
  readonly engine: Engine | null;
  /** The steps for `encodeWithOffsets`, by a machine where there is one. */
  readonly steps: readonly Step[];
  readonly path: EncodingPath;
}

export async function accelerated(
  preTokenizer: object | undefined,
  steps: readonly Step[],
  model: BpeParts | null,
  added: readonly AddedToken[],
  wanted: "auto" | "js",
): Promise<Accelerated> {
  if (wanted !== "auto" && wanted !== "js")
    throw new ArgumentError("loadTokenizer", "engine", '"auto" or "js"', wanted);
  const found =
    model === null ? "the model is not BPE" : await byteEngine(preTokenizer, model, added, wanted);
  if (typeof found === "string")
    return { engine: null, steps, path: { name: "general", reason: found } };
  return {
    engine: found.engine,
    steps: [
      ...steps.filter((step) => step.kind === "rewrite"),
      { kind: "split", split: splitterOf(found.scan) },
    ],
    path: { name: found.engine.path, reason: found.reason },
  };
}

export interface ByteEngine {
  readonly engine: Engine;
  readonly scan: Scan;
  readonly vocabulary: ByteVocabulary;
  /** Why no faster one; empty for WebAssembly. */
  readonly reason: string;
}

/** The engine of a model that reads bytes; or why there is none. */
export async function byteEngine(
  preTokenizer: object | undefined,
  model: BpeParts,
  added: readonly AddedToken[],
  wanted: "auto" | "js",
): Promise<ByteEngine | string> {
  if (model.dropout) return "the file leaves merges out at random";
  const grammar = preTokenizer === undefined ? null : recognized(preTokenizer);
  if (grammar === null) return "the pre-tokenizer has no machine of its own";
  const vocabulary = byteVocabulary(model);
  if (vocabulary === null) return "the model is not byte-level with all 256 bytes";
  // A token of half a character would leave the other half to the machine.
  if (added.some(({ content }) => /\p{Surrogate}/u.test(content)))
    return "an added token is not well-formed text";
  const classes = characterClasses(grammar.family === "deepseek");
  const scan = scanOf(grammar, classes);
  let reason = "asked for";
  let engine: Engine | undefined;
  if (wanted === "auto") {
    try {
      engine = wasmEngine(await instantiated(), model, vocabulary, grammar, classes);
      reason = "";
    } catch (error) {
      reason = `WebAssembly: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  engine ??= jsEngine(model, vocabulary, scan);
  return { engine: prefixed(engine, grammar), scan, vocabulary, reason };
}

function prefixed(engine: Engine, { prefixSpace }: Grammar): Engine {
  if (!prefixSpace) return engine;
  return {
    path: engine.path,
    work: engine.work,
    encode: (text, sink) => engine.encode(text.startsWith(" ") ? text : ` ${text}`, sink),
  };
}
