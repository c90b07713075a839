/** An `Io` that remembers what was written. */
import type { Io } from "../src/io.js";

export interface FakeIo extends Io {
  readonly written: { out: string; err: string };
}

export function fakeIo(
  options: Partial<Pick<Io, "cwd" | "env" | "signal">> & {
    input?: string;
    isTerminal?: boolean;
  } = {},
): FakeIo {
  const { input, isTerminal = false, cwd = process.cwd(), env = {} } = options;
  const written = { out: "", err: "" };
  const writer = (name: "out" | "err") => ({
    isTerminal,
    write(text: string) {
      written[name] += text;
    },
  });
  return {
    written,
    out: writer("out"),
    err: writer("err"),
    env,
    cwd,
    signal: options.signal ?? new AbortController().signal,
    readInput: async () => input,
  };
}
