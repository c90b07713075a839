/** Everything a command touches of the world outside, so that tests can hand it another one. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
}

export interface Io {
  readonly out: Output;
  /** Progress and errors. */
  readonly err: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
  /** The text piped in; undefined at a terminal. */
  readInput(): Promise<string | undefined>;
}

export function processIo(signal: AbortSignal): Io {
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    signal,
    async readInput() {
      if (process.stdin.isTTY) return undefined;
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  isTerminal: stream.isTTY === true,
});

/** Colors only where somebody looks at a terminal and did not say no (https://no-color.org). */
export function hasColor({ env }: Io, output: Output): boolean {
  return output.isTerminal && !env.NO_COLOR && env.TERM !== "dumb";
}
