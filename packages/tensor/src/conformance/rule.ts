/** A rule of a kit: run it under any test runner; it throws a ConformanceError where it is broken. */
import { ConformanceError, FrugalError } from "../errors/index.js";

export interface Rule {
  readonly name: string;
  check(): Promise<void>;
}

/** Runs `act`; whatever it throws that is no verdict yet becomes one. */
export async function judged(
  subject: string,
  rule: string,
  seed: string,
  act: () => unknown,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (FrugalError.is(error, "ConformanceError")) throw error;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new ConformanceError(subject, rule, seed, `threw ${reason}`);
  }
}
