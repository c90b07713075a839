/**
 * Lines up methods and budgets: the full model first, then chance, then the methods.
 *
 * Errors   ArgumentError for a share outside 0..1
 */
import { ArgumentError, type Budget } from "@frugal/tensor";
import { type MeasureOptions, measure } from "./measure.js";
import type { Arm, Table, Task } from "./types.js";

/** Makes a method for a budget. */
export interface Contender<Method> {
  readonly name: string;
  make(budget: Budget): Method;
}

export interface SweepOptions<Method> extends MeasureOptions {
  /** The line that every method has to beat. */
  readonly random: Contender<Method>;
  readonly contenders: readonly Contender<Method>[];
  /** Shares of the tokens that stay, above 0 and below 1. */
  readonly keepRatios: readonly number[];
}

export async function sweep<Method>(
  task: Task<Method>,
  options: SweepOptions<Method>,
): Promise<Table> {
  return measure(task, armsOf(options), options);
}

export function armsOf<Method>({
  random,
  contenders,
  keepRatios,
}: Pick<SweepOptions<Method>, "random" | "contenders" | "keepRatios">): Arm<Method>[] {
  for (const ratio of keepRatios) {
    if (ratio > 0 && ratio < 1) continue;
    throw new ArgumentError("sweep", "keepRatios", "above 0 and below 1", ratio);
  }
  const others = contenders.filter(({ name }) => name !== random.name && name !== "identity");
  const full: Arm<Method> = { name: "full", keepRatio: 1 };
  return [
    full,
    ...[random, ...others].flatMap(({ name, make }) =>
      keepRatios.map((keepRatio) => ({ name, keepRatio, method: make({ keepRatio }) })),
    ),
  ];
}
