/**
 * Runs the steps of a token method, stage by stage, over the tokens of one picture.
 *
 * Shapes   rows [lead + count, C] on the back end -> [lead + M, C]; `lead` rows before the image's stay as they are
 * State    holds the token state of the request; tensors it makes belong to the caller
 * Errors   CapabilityError for what the method needs and this model does not have, before anything runs
 */
import {
  type Backend,
  CapabilityError,
  type Floats,
  type Needs,
  ShapeError,
  type SignalName,
  type Signals,
  type Stage,
  type Tap,
  type Tensor,
} from "@frugal/tensor";
import {
  isIdentity,
  nextState,
  openState,
  type TokenContext,
  type TokenMap,
  type TokenMethod,
  type TokenSession,
  type TokenState,
  type TokenStep,
} from "@frugal/vision-token-pruning";
import { leadingRows } from "./rows.js";
import { refuseUnreachable } from "./stages.js";

export class ImageSession {
  readonly session: TokenSession;
  readonly needs: Needs;
  state: TokenState;
  /** Positions the image takes: all N as long as tokens keep their own, so that the text stays where it is; else M. */
  span: number;
  /** Whether merged tokens weigh by their sizes in the layers that follow. */
  isProportional = false;
  /** What each step did, for reports. */
  readonly acts: { readonly stage: Stage; readonly before: number; readonly after: number }[] = [];
  readonly #name: string;
  readonly #steps: readonly TokenStep[];

  constructor(method: TokenMethod | undefined, context: TokenContext) {
    refuseMissing(method, context);
    this.session = method?.open(context) ?? { steps: [] };
    if (this.session.retroactive) {
      throw new CapabilityError(method?.name ?? "images", ["retroactive cuts of earlier layers"]);
    }
    this.#steps = this.session.steps;
    refuseUnreachable(method?.name ?? "images", this.#steps, context.model);
    this.needs = namedNeeds(this.#steps);
    this.state = openState(context.tokenCount);
    this.span = context.tokenCount;
    this.#name = method?.name ?? "images";
  }

  /** Layer numbers of the decoder stages, ascending, without repeats. */
  get decoderStages(): readonly number[] {
    const layers = this.#steps.flatMap(({ stage }) =>
      stage.at === "decoder" ? [stage.layer] : [],
    );
    return [...new Set(layers)].sort((a, b) => a - b);
  }

  hasStage(stage: Stage): boolean {
    return this.#steps.some((step) => isSameStage(step.stage, stage));
  }

  /** All steps of a stage in order; the map they make together acts on the caller's rows, one after another. */
  async act(
    stage: Stage,
    signals: Signals,
    apply: (map: TokenMap) => void,
    first = 0,
  ): Promise<void> {
    this.state = { ...this.state, first };
    for (const [index, step] of this.#steps.entries()) {
      if (!isSameStage(step.stage, stage)) continue;
      const own = Object.fromEntries(
        Object.keys(step.needs).map((name) => [name, signals[`${index}.${name}`]]),
      ) as Signals;
      const missing = Object.keys(own).filter((name) => own[name] === undefined);
      if (missing.length > 0) {
        const names = missing.map((name) => `needs.${name} at ${stage.at}`);
        throw new CapabilityError(this.#name, names);
      }
      const map = await step.act(own, this.state);
      if (!map) continue;
      if (map.positions === "compact") this.span = map.matrix.rowCount;
      const before = this.state.count;
      if (!isIdentity(map)) apply(map);
      this.state = nextState(map, this.state);
      this.acts.push({ stage, before, after: this.state.count });
    }
  }

  /** The taps of one part that steps at `stage` ask for and that only exist there (features at hand). */
  needsAt(stage: Stage, part: Tap["part"]): Needs {
    const found: Record<string, Tap> = {};
    for (const [index, step] of this.#steps.entries()) {
      if (!isSameStage(step.stage, stage)) continue;
      for (const [name, tap] of Object.entries(step.needs)) {
        if (tap.part === part) found[`${index}.${name}`] = tap;
      }
    }
    return found;
  }
}

/** New rows by a map: `lead` rows first, unchanged, then the image's. The caller disposes the result. */
export function mapRows(backend: Backend, rows: Tensor, lead: number, map: TokenMap): Tensor {
  const width = rows.dims[1] as number;
  checkFeatures(map, width);
  const out = backend.empty([lead + map.matrix.rowCount, width]);
  if (map.features) {
    backend.gather(
      rows,
      Uint32Array.from({ length: lead }, (_, i) => i),
      out,
    );
    backend.write(out, map.features.data, lead * width);
  } else {
    backend.sparseRows(leadingRows(map.matrix, lead), rows, out);
  }
  return out;
}

/** Features that a map brings have to be those of its rows. */
export function checkFeatures({ features, matrix }: TokenMap, width: number): void {
  if (!features) return;
  const wanted = [matrix.rowCount, width];
  if (features.dims.length !== 2 || features.dims[0] !== wanted[0] || features.dims[1] !== width) {
    throw new ShapeError("map.features", wanted, features.dims);
  }
  if (features.data.length !== matrix.rowCount * width) {
    throw new ShapeError("map.features: data", [matrix.rowCount * width], [features.data.length]);
  }
}

/** log(size) of each key, `lead` zeros first: what merged tokens weigh in attention. */
export function logSizes(backend: Backend, state: TokenState, lead: number): Tensor {
  const weights = new Float32Array(lead + state.count);
  for (let m = 0; m < state.count; m++) weights[lead + m] = Math.log(state.sizes[m] as number);
  return backend.upload({
    type: "float32",
    dims: [weights.length],
    location: "cpu",
    data: weights,
  });
}

/** The value of a stage under each name that asked for this signal. */
export const atHand = (needs: Needs, signal: SignalName, value: Floats): Signals =>
  Object.fromEntries(
    Object.entries(needs)
      .filter(([, tap]) => tap.signal === signal)
      .map(([name]) => [name, value]),
  );

/** Encoder taps of every step but those that read the finished features, which the stage has at hand. */
export function encoderTaps(session: ImageSession): Needs {
  const finished = session.needsAt({ at: "features" }, "encoder");
  return Object.fromEntries(
    Object.entries(session.needs).filter(
      ([name, tap]) => tap.part === "encoder" && !(name in finished && tap.signal === "hidden"),
    ),
  );
}

function namedNeeds(steps: readonly TokenStep[]): Needs {
  const entries = steps.flatMap((step, index) =>
    Object.entries(step.needs).map(([name, tap]) => [`${index}.${name}`, tap] as const),
  );
  return Object.fromEntries(entries);
}

function isSameStage(a: Stage, b: Stage): boolean {
  if (a.at !== b.at) return false;
  if (a.at === "encoder" && b.at === "encoder") return a.layer === b.layer && a.point === b.point;
  if (a.at === "decoder" && b.at === "decoder") return a.layer === b.layer;
  return true;
}

function refuseMissing(method: TokenMethod | undefined, context: TokenContext): void {
  const missing = (method?.extras ?? []).filter((extra) => !context.extras[extra]);
  if (missing.length) throw new CapabilityError(method?.name ?? "images", missing);
}
