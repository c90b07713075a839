/**
 * Helpers for the steps of a method: the typed step itself, and checks of what the runtime hands in.
 *
 * Errors   StateError for a signal that was asked for and not given; ShapeError and DtypeError for one of the wrong kind
 */
import { DtypeError, ShapeError, StateError } from "@frugal/tensor";
import type { Floats, Needs, TokenStep } from "./types.js";

/** A step whose signals are typed by its own needs; refuses to act when one of them is missing. */
export function tokenStep<const N extends Needs>(step: TokenStep<N>): TokenStep {
  return {
    stage: step.stage,
    needs: step.needs,
    act(signals, state) {
      for (const name of Object.keys(step.needs)) {
        if (!signals[name])
          throw new StateError(`step at ${step.stage.at}`, `the signal "${name}" is not there`);
      }
      return step.act(signals as { readonly [K in keyof N]: Floats }, state);
    },
  };
}

/** Refuses a signal that is not float32 of this shape; -1 stands for any extent. */
export function expectSignal(where: string, signal: Floats, dims: readonly number[]): void {
  if (signal.type !== "float32") throw new DtypeError(where, "float32", signal.type);
  const fits =
    signal.dims.length === dims.length && dims.every((d, i) => d === -1 || d === signal.dims[i]);
  if (!fits) throw new ShapeError(where, dims, signal.dims);
  const size = signal.dims.reduce((product, d) => product * d, 1);
  if (signal.data.length !== size)
    throw new ShapeError(`${where}: data`, [size], [signal.data.length]);
}
