/**
 * Finds texts that end an answer in a stream of pieces, and holds back what might begin one.
 *
 * Paper    Aho and Corasick, doi:10.1145/360825.360855
 * Units    UTF-16 units
 * Order    the stop text that is complete first ends the answer; of those complete at once the longest. So the answer does
 *          not depend on how it is cut into pieces
 * Cost     O(1) a unit; one state for each unit of the stop texts
 * State    the units held back: never more than the longest stop text has, less one
 * Errors   ArgumentError for stop texts that are none; StateError for pieces behind a stop
 */
import { ArgumentError, StateError } from "@frugal/tensor/errors";

/** Enough for every chat format's turn markers; keeps the automaton small. */
export const MAX_STOPS = 64;
export const MAX_STOP_LENGTH = 1024;

interface State {
  readonly next: Map<number, number>;
  readonly depth: number;
  /** State of the longest proper suffix that begins a stop text. */
  fallback: number;
  /** Units of the longest stop text that ends here; 0: none. */
  length: number;
}

export interface StopStep {
  /** Text that is certain not to belong to a stop text. */
  readonly emit: string;
  /** The stop text that was found; nothing of it is in any `emit`. */
  readonly stopped: string | undefined;
}

export class StopMatcher {
  readonly #states: readonly State[];
  #state = 0;
  #held = "";
  #isStopped = false;

  constructor(stops: readonly string[]) {
    checkStops(stops);
    this.#states = automatonOf(stops);
  }

  push(text: string): StopStep {
    if (this.#isStopped) throw new StateError("StopMatcher.push", "a stop text has been found");
    const all = this.#held + text;
    for (let at = this.#held.length; at < all.length; at++) {
      this.#state = this.#after(this.#state, all.charCodeAt(at));
      const { length } = this.#states[this.#state] as State;
      if (length === 0) continue;
      this.#isStopped = true;
      this.#held = "";
      return { emit: all.slice(0, at + 1 - length), stopped: all.slice(at + 1 - length, at + 1) };
    }
    const certain = all.length - (this.#states[this.#state] as State).depth;
    this.#held = all.slice(certain);
    return { emit: all.slice(0, certain), stopped: undefined };
  }

  /** What was held back, once nothing more comes. */
  end(): string {
    const held = this.#held;
    this.#held = "";
    this.#state = 0;
    return held;
  }

  #after(state: number, unit: number): number {
    for (let at = state; ; ) {
      const { next, fallback } = this.#states[at] as State;
      const found = next.get(unit);
      if (found !== undefined) return found;
      if (at === 0) return 0;
      at = fallback;
    }
  }
}

function automatonOf(stops: readonly string[]): readonly State[] {
  const states: State[] = [{ next: new Map(), depth: 0, fallback: 0, length: 0 }];
  for (const stop of stops) {
    let at = 0;
    for (let i = 0; i < stop.length; i++) {
      const { next } = states[at] as State;
      const unit = stop.charCodeAt(i);
      let to = next.get(unit);
      if (to === undefined) {
        to = states.length;
        next.set(unit, to);
        states.push({ next: new Map(), depth: i + 1, fallback: 0, length: 0 });
      }
      at = to;
    }
    (states[at] as State).length = stop.length;
  }
  linkFallbacks(states);
  return states;
}

/** Level by level, so that the fallback of every shorter state is known. */
function linkFallbacks(states: readonly State[]): void {
  const queue = [...(states[0] as State).next.values()];
  for (const at of queue) {
    const { next, fallback } = states[at] as State;
    for (const [unit, to] of next) {
      const child = states[to] as State;
      let back = fallback;
      while (back !== 0 && !(states[back] as State).next.has(unit)) {
        back = (states[back] as State).fallback;
      }
      child.fallback = (states[back] as State).next.get(unit) ?? 0;
      if (child.length === 0) child.length = (states[child.fallback] as State).length;
      queue.push(to);
    }
  }
}

function checkStops(stops: readonly string[]): void {
  if (!Array.isArray(stops) || stops.length > MAX_STOPS) {
    throw new ArgumentError("stop", "stop", `at most ${MAX_STOPS} texts`, stops);
  }
  for (const stop of stops) {
    if (typeof stop !== "string" || stop.length < 1 || stop.length > MAX_STOP_LENGTH) {
      throw new ArgumentError("stop", "stop", `texts of 1..${MAX_STOP_LENGTH} units`, stop);
    }
  }
}
