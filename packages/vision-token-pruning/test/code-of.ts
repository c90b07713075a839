import { FrugalError } from "@frugal/tensor";

/** The class of the error that `act` throws; "none" when it throws none of ours. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (FrugalError.is(error)) return error.code;
  }
  return "none";
}
