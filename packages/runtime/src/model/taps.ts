/**
 * Reads the signals that methods ask for while a stack runs; a layer nobody taps costs one comparison.
 *
 * Shapes   [rows, width] for hidden states and what enters and leaves a sublayer; [heads, rows, D] for query, key, value and
 *          headOutput; [H, rows, T] for attention and attentionLogits; [H, T] for columnMass; [H, rows] for logSumExp. A tap
 *          on `layer: "each"` is stacked on a leading axis, columns padded with 0
 * State    reads are asked for at once, so the tensors may be overwritten after the call; values are kept until `signals`
 * Errors   CapabilityError for rows that this step does not know; ArgumentError for rows that do not exist
 */
import {
  type AttentionCall,
  type Backend,
  CapabilityError,
  type Floats,
  floats,
  type SignalName,
  type Signals,
  type Tap,
  type Tensor,
} from "@frugal/tensor";
import { ATTENTION, HEADS, type TapPlan } from "./tap-plan.js";
import { chosenRows, neighbours, pickRows, reducedRows, splitHeads } from "./tap-rows.js";

/** Which rows are the class token, image or text tokens, where a tap names them so. */
export interface RowClasses {
  readonly image?: readonly number[];
  readonly text?: readonly number[];
}

/** Collects the signals of one pass over one cache (or picture). */
export class TapReader {
  readonly #plan: TapPlan;
  readonly #backend: Backend;
  readonly #classes: RowClasses;
  readonly #found = new Map<string, { layer: number; value: Promise<Floats> }[]>();

  constructor(plan: TapPlan, backend: Backend, classes: RowClasses = {}) {
    this.#plan = plan;
    this.#backend = backend;
    this.#classes = classes;
  }

  /** Whether anyone taps this layer: the stack asks once a layer. */
  wants(layer: number): boolean {
    return this.#plan.at(layer) !== undefined;
  }

  /** Rows `firstRow .. firstRow + rows` of `tensor` [R, width], as the signal of that layer. */
  give(
    signal: SignalName,
    layer: number,
    tensor: Tensor,
    firstRow: number,
    rows: number,
    heads = 1,
  ): void {
    this.#give(signal, layer, tensor, firstRow, rows, heads, true);
  }

  #give(
    signal: SignalName,
    layer: number,
    tensor: Tensor,
    firstRow: number,
    rows: number,
    heads: number,
    isLayer: boolean,
  ): void {
    for (const { name, tap } of this.#plan.at(layer) ?? []) {
      if (tap.signal !== signal || (tap.layer === "each" && !isLayer)) continue;
      const width = tensor.size / (tensor.dims[0] as number);
      const chosen = chosenRows(tap, rows, this.#classes);
      const value = this.#backend.read(tensor, firstRow * width, rows * width).then((data) => {
        const kept = pickRows(data as Float32Array, width, chosen);
        return HEADS.has(signal)
          ? splitHeads(kept, chosen.length, heads)
          : floats([chosen.length, width], kept);
      });
      this.#keep(name, layer, value);
    }
  }

  /** The stack was left after `layer` layers: `rows` of what the next one would receive. */
  left(layer: number, hidden: Tensor, firstRow: number, rows: number): void {
    this.#give("hidden", layer, hidden, firstRow, rows, 1, false);
  }

  /** Attention signals of a layer, recomputed by the tap kernel for the rows each tap chose. */
  attention(layer: number, call: AttentionCall, columns: number): void {
    for (const { name, tap } of this.#plan.at(layer) ?? []) {
      if (!ATTENTION.has(tap.signal)) continue;
      this.#keep(name, layer, this.#attentionOf(tap, call, columns));
    }
  }

  /** What was found, by name; `chosen` leaves out signals that are not needed yet. */
  async signals(chosen: (name: string) => boolean = () => true): Promise<Signals> {
    const result: Record<string, Floats> = {};
    for (const [name, parts] of this.#found) {
      if (!chosen(name)) continue;
      parts.sort((a, b) => a.layer - b.layer);
      const values = await Promise.all(parts.map(({ value }) => value));
      result[name] = isStacked(this.#plan, name, parts[0]?.layer ?? 0)
        ? stacked(values)
        : (values.at(-1) as Floats);
    }
    return result;
  }

  /** The same layer by layer, nothing stacked: what a scorer observes. */
  async byLayer(): Promise<ReadonlyMap<number, Signals>> {
    const result = new Map<number, Record<string, Floats>>();
    for (const [name, parts] of this.#found) {
      for (const { layer, value } of parts) {
        const own = result.get(layer) ?? {};
        own[name] = await value;
        result.set(layer, own);
      }
    }
    return result;
  }

  #keep(name: string, layer: number, value: Promise<Floats>): void {
    // A refusal is told by whoever asks for the signals, also when the pass failed before that.
    value.catch(() => undefined);
    const list = this.#found.get(name) ?? [];
    list.push({ layer, value });
    this.#found.set(name, list);
  }

  /** One kernel call for each run of neighbouring rows; several runs are put together on the CPU. */
  async #attentionOf(tap: Tap, call: AttentionCall, columns: number): Promise<Floats> {
    const chosen = chosenRows(tap, call.rows, this.#classes);
    const runs = neighbours(chosen).map(([first, count]) => rowsOfCall(call, first, count));
    const { headCount } = call;
    const only = runs.length === 1 ? runs[0] : undefined;
    if (tap.signal === "columnMass") {
      const isLargest = tap.reduce === "max";
      if (only) return this.#tap(only, isLargest ? "columnMax" : "columnSum", [headCount, columns]);
      const all = await this.#rows(runs, "probabilities", headCount, chosen.length, columns);
      return reducedRows(all, isLargest);
    }
    const want = tap.signal === "attention" ? "probabilities" : "logits";
    const all = await this.#rows(runs, want, headCount, chosen.length, columns);
    if (tap.signal !== "logSumExp") return all;
    return floats([headCount, chosen.length], logSumExpOf(all.data, columns));
  }

  async #rows(
    runs: readonly AttentionCall[],
    want: "probabilities" | "logits",
    headCount: number,
    rows: number,
    columns: number,
  ): Promise<Floats> {
    const parts = await Promise.all(
      runs.map((run) => this.#tap(run, want, [headCount, run.rows, columns])),
    );
    if (parts.length === 1) return parts[0] as Floats;
    const data = new Float32Array(headCount * rows * columns);
    let first = 0;
    for (const part of parts) {
      const size = part.data.length / headCount;
      for (let head = 0; head < headCount; head++) {
        const own = part.data.subarray(head * size, (head + 1) * size);
        data.set(own, (head * rows + first) * columns);
      }
      first += size / columns;
    }
    return floats([headCount, rows, columns], data);
  }

  async #tap(
    call: AttentionCall,
    want: "probabilities" | "logits" | "columnSum" | "columnMax",
    dims: readonly number[],
  ): Promise<Floats> {
    const out = this.#backend.empty(dims);
    this.#backend.attentionTap(call, { want, out });
    const reading = this.#backend.read(out);
    out.dispose();
    return floats(dims, (await reading) as Float32Array);
  }
}

/** The same call for `count` of its rows from `first` on. */
function rowsOfCall(call: AttentionCall, first: number, count: number): AttentionCall {
  if (count === call.rows) return call;
  const part = { ...call, firstRow: call.firstRow + first, rows: count };
  const { kind, positions, window } = call.mask;
  if (kind === "none") return part;
  if ((kind !== "causal" && kind !== "position") || !positions) {
    throw new CapabilityError(
      "taps",
      [`some rows of a step with a ${kind} mask`],
      "Ask for all rows",
    );
  }
  const own = positions.subarray(first, first + count);
  return { ...part, mask: { kind: "position", positions: own, ...(window ? { window } : {}) } };
}

const isStacked = (plan: TapPlan, name: string, layer: number): boolean =>
  plan.at(layer)?.find((p) => p.name === name)?.tap.layer === "each";

function stacked(values: readonly Floats[]): Floats {
  const columns = Math.max(...values.map((v) => v.dims.at(-1) as number));
  const outer = (values[0] as Floats).dims.slice(0, -1);
  const rows = outer.reduce((a, b) => a * b, 1);
  const data = new Float32Array(values.length * rows * columns);
  values.forEach((value, layer) => {
    const own = value.dims.at(-1) as number;
    for (let r = 0; r < rows; r++) {
      data.set(value.data.subarray(r * own, (r + 1) * own), (layer * rows + r) * columns);
    }
  });
  return floats([values.length, ...outer, columns], data);
}

function logSumExpOf(logits: Float32Array, columns: number): Float32Array {
  const out = new Float32Array(logits.length / columns);
  for (let row = 0; row < out.length; row++) {
    const values = logits.subarray(row * columns, (row + 1) * columns);
    let largest = -Infinity;
    for (const value of values) largest = Math.max(largest, value);
    let sum = 0;
    for (const value of values) sum += Math.exp(value - largest);
    out[row] = largest === -Infinity ? -Infinity : largest + Math.log(sum);
  }
  return out;
}
