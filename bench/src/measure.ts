/** Interleaved timing: every contender once a round, so that a slow minute of the machine hits all of them. */
export interface Contender {
  readonly name: string;
  run(): Promise<unknown> | unknown;
}

export interface Timing {
  readonly name: string;
  readonly medianMs: number;
  readonly p95Ms: number;
}

export async function interleaved(
  contenders: readonly Contender[],
  rounds: number,
  warmUps = 2,
): Promise<Timing[]> {
  const times = contenders.map((): number[] => []);
  for (let round = -warmUps; round < rounds; round++) {
    for (const [i, { run }] of contenders.entries()) {
      const started = performance.now();
      await run();
      if (round >= 0) times[i]?.push(performance.now() - started);
    }
  }
  return contenders.map(({ name }, i) => {
    const sorted = (times[i] as number[]).sort((a, b) => a - b);
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number;
    return { name, medianMs: at(0.5), p95Ms: at(0.95) };
  });
}

/** Runs something small often enough to be measured: `repeats` calls count as one. */
export const repeated = (name: string, repeats: number, run: () => unknown): Contender => ({
  name,
  async run() {
    for (let i = 0; i < repeats; i++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
  },
});
