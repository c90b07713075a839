import { FrugalError } from "@frugal/tensor";

/** The code of the error that `run` ends in; "none" when it does not, "other" for errors of nobody's. */
export async function codeOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return "none";
  } catch (error) {
    return FrugalError.is(error) ? error.code : "other";
  }
}
