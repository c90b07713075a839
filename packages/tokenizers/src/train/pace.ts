/**
 * Lets a long job give way: reports how far it is, gives the host a turn of its event loop, stops where it is told to.
 *
 * Cost     a turn takes microseconds; a job asks for one every few milliseconds of work
 * Errors   rejects with the signal's reason once it is aborted
 */

export interface Progress {
  /** What is being done, for people to read. */
  readonly phase: string;
  readonly done: number;
  /** Absent where it is not known. */
  readonly total?: number;
}

/** What every long job of this room takes. */
export interface JobOptions {
  /** Stops the job. It is looked at every few milliseconds. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Steps between two turns, a step being some ten nanoseconds of work: one visit of a symbol, one look-up. */
const STEPS_A_TURN = 1 << 18;

export class Pace {
  readonly #job: JobOptions;
  #steps = 0;

  constructor(job: JobOptions) {
    this.#job = job;
    job.signal?.throwIfAborted();
  }

  /** Counts work; true where it is time to rest. */
  spend(steps: number): boolean {
    this.#steps += steps;
    return this.#steps >= STEPS_A_TURN;
  }

  /** Reports, and lets the host have a turn. */
  async rest(phase: string, done: number, total?: number): Promise<void> {
    this.#steps = 0;
    this.report(phase, done, total);
    await turn();
    this.#job.signal?.throwIfAborted();
  }

  report(phase: string, done: number, total?: number): void {
    this.#job.onProgress?.(total === undefined ? { phase, done } : { phase, done, total });
  }
}

function turn(): Promise<void> {
  if (typeof setImmediate === "function") return new Promise((resolve) => setImmediate(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
