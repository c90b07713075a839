/** Checks of what the measures are handed, each at its public door. */
import { ArgumentError } from "@frugal/tensor/errors";

/** The sum. Zeros are legal and count nowhere. */
export function totalOf(where: string, argument: string, values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw new ArgumentError(where, `${argument}[${i}]`, "a number of 0 or more", value);
    }
    total += value;
  }
  return total;
}

export function positive(where: string, argument: string, value: number): number {
  if (value > 0 && value < Number.POSITIVE_INFINITY) return value;
  throw new ArgumentError(where, argument, "above 0", value);
}

export function share(where: string, argument: string, value: number): number {
  if (value >= 0 && value <= 1) return value;
  throw new ArgumentError(where, argument, "within 0..1", value);
}
