/**
 * Runs a method once on the made-up model and writes down what it did, as plain data.
 *
 * Errors   what the method throws is recorded, not thrown, but for a CapabilityError: then the kit cannot judge the method
 */
import { type Floats, FrugalError, floats, ShapeError } from "@frugal/tensor";
import { checkRows } from "@frugal/tensor/rows";
import { nextState, openState } from "../state.js";
import type {
  Signals,
  Stage,
  TokenContext,
  TokenMap,
  TokenMethod,
  TokenState,
  TokenStep,
} from "../types.js";
import { firstAt, type Spoil, signalOf } from "./model.js";

export interface Act {
  readonly stage: Stage;
  readonly before: TokenState;
  readonly map: TokenMap | null;
  /** After the map. */
  readonly after: TokenState;
  /** The method wrote into its signals or into the state. */
  readonly wrote: boolean;
}

export interface Run {
  readonly acts: readonly Act[];
  readonly final: TokenState;
  readonly stages: readonly Stage[];
  /** Code of the error that ended the run; "" when none did. "Malformed" for a map that is not one. */
  readonly failure: string;
  readonly detail: string;
}

export async function drive(
  make: () => TokenMethod,
  context: TokenContext,
  seed: number,
  spoil: Spoil = "none",
): Promise<Run> {
  const acts: Act[] = [];
  let state = openState(context.tokenCount);
  let steps: readonly TokenStep[] = [];
  const ended = (failure: string, detail: string): Run => ({
    acts,
    final: state,
    stages: steps.map(({ stage }) => stage),
    failure,
    detail,
  });
  try {
    steps = make().open(context).steps;
    for (const step of steps) {
      const { stage } = step;
      state = { ...state, first: firstAt(stage) };
      const signals = signalsFor(step, state, context, seed, spoil);
      const lent = snapshot(signals, state);
      const map = await step.act(signals, state);
      const wrote = snapshot(signals, state) !== lent;
      const problem = map && problemOf(map, state);
      if (problem) return ended("Malformed", problem);
      const before = state;
      if (map) state = nextState(map, state);
      acts.push({ stage, before, map, after: state, wrote });
    }
    return ended("", "");
  } catch (error) {
    if (FrugalError.is(error, "CapabilityError")) throw error;
    return ended(
      FrugalError.is(error) ? error.code : "untyped error",
      error instanceof Error ? error.message : String(error),
    );
  }
}

function signalsFor(
  { needs, stage }: TokenStep,
  state: TokenState,
  context: TokenContext,
  seed: number,
  spoil: Spoil,
): Signals {
  return Object.fromEntries(
    Object.entries(needs).map(([name, tap]) => [
      name,
      signalOf(tap, stage, state, context, seed, spoil),
    ]),
  );
}

/** All numbers that a step is lent, as text: equal before and after, or it wrote. */
function snapshot(signals: Signals, { sizes, positions, origins }: TokenState): string {
  const lists = Object.values(signals).map(({ data }) => data.join());
  return [...lists, sizes, positions, origins.sources, origins.weights].join(";");
}

function problemOf(map: TokenMap, state: TokenState): string | null {
  try {
    const { matrix, sizes, positions, restoring, features } = map;
    checkRows("matrix", matrix);
    expectCount("sources", matrix.sourceCount, state.count);
    expectCount("sizes", sizes.length, matrix.rowCount);
    if (positions !== "compact") expectCount("positions", positions.length, matrix.rowCount);
    if (restoring) {
      checkRows("restoring", restoring);
      expectCount("restoring rows", restoring.rowCount, state.count);
      expectCount("restoring sources", restoring.sourceCount, matrix.rowCount);
    }
    if (features) {
      expectCount("features", features.dims[0] ?? -1, matrix.rowCount);
      expectCount("features' axes", features.dims.length, 2);
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function expectCount(what: string, received: number, expected: number): void {
  if (received !== expected) throw new ShapeError(what, [expected], [received]);
}

/** A projector for methods that ask for one: a fixed squash of each number. */
export const project = (features: Floats): Promise<Floats> =>
  Promise.resolve(floats(features.dims, features.data.map(Math.tanh)));
