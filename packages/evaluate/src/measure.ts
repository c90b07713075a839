/**
 * Tries every arm of a table on the same items and says what each costs in quality.
 *
 * Cost     the subject's; one item is open at a time
 * Errors   ArgumentError for no sample, or a first arm that is not the full one; what the full arm throws. A method that
 *          refuses (a FrugalError) is listed with its reason and left out; an abort rejects with the signal's reason
 */
import { ArgumentError, FrugalError } from "@frugal/tensor/errors";
import { mean, meanInterval, signTest, wilsonInterval } from "./statistics.js";
import type { Arm, Item, Refusal, Row, Table, Task, Trial } from "./types.js";

export interface MeasureOptions {
  /** Items, not trials: a picture may bring several questions. */
  readonly samples: number;
  /** Default 0. */
  readonly firstIndex?: number;
  readonly model?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Chance below which a row counts as worse than the full one. */
const SIGNIFICANT = 0.05;

export async function measure<Method>(
  task: Task<Method>,
  arms: readonly Arm<Method>[],
  options: MeasureOptions,
): Promise<Table> {
  const { samples, firstIndex = 0, signal, onProgress } = options;
  if (!Number.isSafeInteger(samples) || samples < 1) {
    throw new ArgumentError("measure", "samples", "a positive integer", samples);
  }
  if (arms[0] === undefined || arms[0].method !== undefined) {
    throw new ArgumentError("measure", "arms", "led by one without a method", arms[0]?.name);
  }
  const trials = new Map<Arm<Method>, Trial[]>(arms.map((arm) => [arm, []]));
  const refusals: Refusal[] = [];
  for (let i = 0; i < samples; i++) {
    signal?.throwIfAborted();
    const item = await task.open(firstIndex + i, [...trials.keys()], signal);
    try {
      for (const [arm, list] of [...trials]) {
        signal?.throwIfAborted();
        const reason = await runArm(item, arm, list);
        if (reason === undefined) continue;
        trials.delete(arm);
        refusals.push({ method: arm.name, budget: arm.keepRatio, reason });
      }
    } finally {
      item.dispose?.();
    }
    onProgress?.(i + 1, samples);
  }
  const full = trials.get(arms[0])!;
  return {
    task: task.name,
    title: task.title,
    model: options.model ?? "",
    quality: task.quality,
    cost: task.cost,
    ...(task.plotted === undefined ? {} : { plotted: task.plotted }),
    items: { name: task.items, count: samples },
    rows: [...trials].map(([arm, list]) => rowOf(task, arm, list, full)),
    refusals,
  };
}

/** The reason of a refusal, or undefined. */
async function runArm<Method>(
  item: Item<Method>,
  arm: Arm<Method>,
  list: Trial[],
): Promise<string | undefined> {
  try {
    list.push(...(await item.run(arm)));
  } catch (error) {
    if (arm.method === undefined || !FrugalError.is(error)) throw error;
    return error.message;
  }
  return undefined;
}

function rowOf<Method>(
  { quality }: Task<Method>,
  arm: Arm<Method>,
  trials: readonly Trial[],
  full: readonly Trial[],
): Row {
  const values = trials.map((trial) => trial.quality);
  const right = values.filter((value) => value === 1).length;
  const row = {
    method: arm.name,
    budget: arm.keepRatio,
    quality: mean(values),
    interval95: quality.isShare ? wilsonInterval(right, values.length) : meanInterval(values),
    samples: values.length,
    tokensProcessed: mean(trials.map((trial) => trial.tokens)),
    ms: mean(trials.map((trial) => trial.elapsedMs)),
    details: meanDetails(trials),
  };
  if (trials === full) return row;
  const sign = quality.better === "higher" ? 1 : -1;
  const gaps = values.map((value, i) => sign * (value - full[i]!.quality));
  const better = gaps.filter((gap) => gap > 0).length;
  const worse = gaps.filter((gap) => gap < 0).length;
  const p = signTest(better, worse);
  return { ...row, versusFull: { better, worse, p, isWorse: worse > better && p < SIGNIFICANT } };
}

function meanDetails(trials: readonly Trial[]): Record<string, number> {
  const names = Object.keys(trials[0]?.details ?? {});
  return Object.fromEntries(
    names.map((name) => [name, mean(trials.map(({ details }) => details?.[name] ?? Number.NaN))]),
  );
}
