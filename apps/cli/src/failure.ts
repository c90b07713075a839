/** How a command ends when it does not end well. */
import { FrugalError } from "@frugal/tensor/errors";
import { CommanderError } from "commander";
import type { Io } from "./io.js";

export const EXIT = { ok: 0, failure: 1, usage: 2, interrupted: 130 } as const;

/** What the caller typed cannot be meant. */
export function usage(message: string): CommanderError {
  return new CommanderError(EXIT.usage, "frugal.usage", `error: ${message}`);
}

/** Says what went wrong and gives the exit status. A stack is shown with `--debug`, or for what should never happen. */
export function exitCodeOf(error: unknown, io: Io, isDebug: boolean): number {
  if (error instanceof CommanderError) {
    // Commander has printed its own errors, help and version already.
    if (error.code === "frugal.usage") io.err.write(`${error.message}\n`);
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  if (io.signal.aborted) {
    io.err.write("\ninterrupted\n");
    return EXIT.interrupted;
  }
  io.err.write(`${described(error, isDebug)}\n`);
  return EXIT.failure;
}

function described(error: unknown, isDebug: boolean): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const isExpected = FrugalError.is(error) || isSystemError(error);
  if (isDebug || !isExpected) return error.stack ?? error.message;
  return `error: ${error.message}`;
}

/** A file that is not there, a folder that may not be written. */
const isSystemError = (error: Error): boolean =>
  "syscall" in error && typeof (error as NodeJS.ErrnoException).code === "string";
