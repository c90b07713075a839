/**
 * The target model as decoding sees it: feed one token or a tree of drafts, read the law after a row.
 *
 * Shapes   tree [J] -> laws [V], read row by row as they are asked for
 * State    borrows the sequence; the last step's logits are valid until the next step
 */
import {
  ArgumentError,
  type DraftTree,
  type Needs,
  type Signals,
  type Tensor,
} from "@frugal/tensor";
import { TapPlan, TapReader } from "../model/taps.js";
import type { Sampler } from "../sampling/index.js";
import type { Sequence } from "./sequence.js";

export class Target {
  readonly #sequence: Sequence;
  readonly #sampler: Sampler;
  readonly #context: TokenList;
  readonly #isGreedy: boolean;
  #logits: Tensor | undefined;
  #tree: DraftTree | undefined;
  /** Best token of each row of the last step, when that is all a law says. */
  #best: Int32Array | undefined;
  #law: Float32Array;

  constructor(sequence: Sequence, sampler: Sampler, context: TokenList) {
    this.#sequence = sequence;
    this.#sampler = sampler;
    this.#context = context;
    this.#isGreedy = sampler.isGreedy && sampler.processors.length === 0;
    this.#law = new Float32Array(sequence.engine.decoder.config.vocabularySize);
  }

  /** One row: the last token emitted, committed at once. */
  async feed(token: number): Promise<void> {
    const { cache, engine } = this.#sequence;
    const taps = this.#sequence.presentTaps();
    const position = cache.nextPosition(0);
    engine.decoder.reserve(1);
    engine.decoder.embed(Uint32Array.of(token));
    cache.begin({ tokens: Uint32Array.of(token) });
    const group = { cache, rows: 1, ...(taps ? { taps } : {}) };
    engine.decoder.pass(
      [group],
      0,
      engine.decoder.config.layerCount,
      this.#sequence.history?.listener,
    );
    await this.#sequence.observe(taps, position, 1);
    this.#sequence.committedSince += 1;
    this.#tree = undefined;
    this.#best = undefined;
    this.#logits = engine.decoder.logits(0, 1);
  }

  /** A tree whose root is the last token emitted. Nothing is committed yet. */
  async feedTree(tree: DraftTree, needs: Needs): Promise<Signals> {
    const { cache, engine } = this.#sequence;
    const { decoder } = engine;
    const rows = tree.tokens.length;
    const plan = new TapPlan(needs, "decoder", decoder.config.layerCount);
    const taps = plan.isEmpty ? undefined : new TapReader(plan, engine.backend);
    const parents = tree.parents;
    decoder.reserve(rows);
    decoder.embed(tree.tokens);
    cache.begin({ tokens: tree.tokens, parents });
    const group = { cache, rows, parents, depths: depthsOf(parents), ...(taps ? { taps } : {}) };
    decoder.pass([group], 0, decoder.config.layerCount, this.#sequence.history?.listener);
    this.#tree = tree;
    this.#best = undefined;
    this.#logits = decoder.logits(0, rows);
    return (await taps?.signals()) ?? {};
  }

  /** The law after a row of the last step, processed for the tokens on its path; valid until the next call. */
  async law(row: number): Promise<Float32Array> {
    if (this.#isGreedy) {
      this.#law.fill(0)[await this.#bestOf(row)] = 1;
      return this.#law;
    }
    return this.lawOf(await this.#read(row), () => this.#path(row));
  }

  /** The law that logits from elsewhere give, e.g. those of the prefill. */
  lawOf(logits: Float32Array, path: () => Uint32Array = () => this.#context.view): Float32Array {
    return this.#sampler.law(logits, path, this.#law);
  }

  /** The target's best tokens after each row of the last tree [J, perRow]. */
  async top(perRow: number): Promise<Uint32Array> {
    const { backend } = this.#sequence.engine;
    const rows = this.#tree?.tokens.length ?? 1;
    const indices = backend.empty([rows, perRow], "int32");
    const values = backend.empty([rows, perRow]);
    backend.topk(this.#logits as Tensor, perRow, indices, values, rows);
    const ids = Uint32Array.from((await backend.read(indices)) as Int32Array);
    indices.dispose();
    values.dispose();
    return ids;
  }

  /** Without reading V logits a row. */
  async #bestOf(row: number): Promise<number> {
    if (!this.#best) {
      const { backend } = this.#sequence.engine;
      const rows = this.#tree?.tokens.length ?? 1;
      const out = backend.empty([rows], "int32");
      backend.argmax(this.#logits as Tensor, out, rows);
      this.#best = (await backend.read(out)) as Int32Array;
      out.dispose();
    }
    return this.#best[row] as number;
  }

  async #read(row: number): Promise<Float32Array> {
    const { backend, decoder } = this.#sequence.engine;
    const { vocabularySize } = decoder.config;
    const logits = this.#logits as Tensor;
    return (await backend.read(logits, row * vocabularySize, vocabularySize)) as Float32Array;
  }

  /** Everything before and on the path to a row; the root is the context's last token. */
  #path(row: number): Uint32Array {
    const tree = this.#tree;
    if (!tree) return this.#context.view;
    const path: number[] = [];
    for (let at = row; at > 0; at = tree.parents[at] as number)
      path.unshift(tree.tokens[at] as number);
    return this.#context.with(path);
  }
}

/** Tokens so far in a buffer that grows. */
export class TokenList {
  #buffer: Uint32Array;
  #length: number;

  constructor(tokens: Uint32Array) {
    this.#buffer = new Uint32Array(tokens.length + 256);
    this.#buffer.set(tokens);
    this.#length = tokens.length;
  }

  get view(): Uint32Array {
    return this.#buffer.subarray(0, this.#length);
  }

  push(token: number): void {
    if (this.#length === this.#buffer.length) {
      const longer = new Uint32Array(this.#length * 2);
      longer.set(this.#buffer);
      this.#buffer = longer;
    }
    this.#buffer[this.#length++] = token;
  }

  with(more: readonly number[]): Uint32Array {
    if (more.length === 0) return this.view;
    const all = new Uint32Array(this.#length + more.length);
    all.set(this.view);
    all.set(more, this.#length);
    return all;
  }
}

export function depthsOf(parents: Int32Array): Int32Array {
  const depths = new Int32Array(parents.length);
  for (let row = 1; row < parents.length; row++) {
    const parent = parents[row] as number;
    if (parent < 0 || parent >= row) {
      throw new ArgumentError("draft", `parents[${row}]`, `in 0..${row - 1}`, parent);
    }
    depths[row] = (depths[parent] as number) + 1;
  }
  return depths;
}

/** The rows of a tree at most `depth` below the root, and at most `rows` in all. Parents stay before children. */
export function shallower(tree: DraftTree, depth: number, rows: number): DraftTree {
  const depths = depthsOf(tree.parents);
  const kept: number[] = [];
  const place = new Int32Array(depths.length).fill(-1);
  for (let row = 0; row < depths.length && kept.length < rows; row++) {
    const parent = tree.parents[row] as number;
    const hasParent = row === 0 || (place[parent] as number) >= 0;
    if ((depths[row] as number) > depth || !hasParent) continue;
    place[row] = kept.length;
    kept.push(row);
  }
  if (kept.length === depths.length) return tree;
  const { laws, drawn } = tree;
  const width = laws?.dims[1] ?? 0;
  const cut = {
    tokens: Uint32Array.from(kept, (row) => tree.tokens[row] as number),
    parents: Int32Array.from(kept, (row) =>
      row === 0 ? -1 : (place[tree.parents[row] as number] as number),
    ),
    drawn,
  };
  if (!laws) return cut;
  const data = new Float32Array(kept.length * width);
  kept.forEach((row, i) => {
    data.set(laws.data.subarray(row * width, (row + 1) * width), i * width);
  });
  return { ...cut, laws: { type: "float32", location: "cpu", dims: [kept.length, width], data } };
}
