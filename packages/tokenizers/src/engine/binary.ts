/**
 * The compiled engine beside the built package, in a form that bundlers recognize as an asset.
 *
 * Errors   what the host throws where it cannot read or compile the binary
 */
import { SourceError } from "@frugal/tensor/errors";

export interface WasmExports {
  readonly memory: WebAssembly.Memory;
  allocate(length: number): number;
  mark(): number;
  release(place: number): void;
  makeMasks(): number;
  setClasses(index: number, pages: number, ascii: number): void;
  makeShort(): number;
  makePairs(bits: number, filterBits: number, rankCount: number): number;
  addPairs(from: number, count: number): void;
  setBytes(from: number): void;
  makeNear(buckets: number): number;
  makeVocabulary(bytes: number, offsets: number, bits: number, filterBits: number): number;
  makeSure(): number;
  beginSure(size: number): number;
  noteMade(from: number, count: number): void;
  noteRivals(from: number, count: number): void;
  endSure(): void;
  insertTokens(count: number, all: number): number;
  makeTree(size: number): number;
  makeSeen(bits: number): number;
  setGrammar(kind: number, most: number, flag: number): void;
  makeRoom(length: number): number;
  encode(length: number, isLast: number, counting: number): number;
  readonly text: WebAssembly.Global;
  readonly out: WebAssembly.Global;
  readonly consumed: WebAssembly.Global;
  readonly starved: WebAssembly.Global;
  readonly read: WebAssembly.Global;
  readonly queued: WebAssembly.Global;
}

/** A new instance, with memory of its own. */
export async function instantiated(): Promise<WasmExports> {
  const url = new URL("../../dist/tokenizer.wasm", import.meta.url);
  const module =
    url.protocol === "file:" ? await fromFile(url) : await WebAssembly.compile(await fetched(url));
  const instance = await WebAssembly.instantiate(module, {});
  return instance.exports as unknown as WasmExports;
}

async function fromFile(url: URL): Promise<WebAssembly.Module> {
  const { readFile } = await import(/* webpackIgnore: true */ "node:fs/promises");
  return WebAssembly.compile(await readFile(url));
}

async function fetched(url: URL): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok)
    throw new SourceError("loadTokenizer", url.href, response.status, "cannot fetch the binary");
  return response.arrayBuffer();
}
