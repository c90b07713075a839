/**
 * Lists of methods that `frugal tokenize` offers by name, and what each of them is handed.
 *
 * Errors   a usage error for a name that is none
 */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { usage } from "../failure.js";
import type { Io } from "../io.js";
import { type MethodSpec, parseSpec } from "../spec.js";

export interface Named {
  readonly name: string;
  /** One line for the help, with the keys that the method takes. */
  readonly about: string;
}

/** What every method is handed. */
export interface MethodContext {
  /** What was typed behind the name: `NAME:key=value,...`. */
  readonly options: MethodSpec["options"];
  readonly signal: AbortSignal;
  /** In [0, 1), from `--seed`. */
  readonly random: () => number;
  /** The bytes of a file that an option names. */
  file(path: string): Promise<Uint8Array>;
  onProgress(what: string, done: number, total: number): void;
}

export function chosen<Method extends Named>(
  methods: readonly Method[],
  text: string,
): { readonly method: Method; readonly options: MethodSpec["options"] } {
  const { name, options } = parseSpec(text);
  const method = methods.find((one) => one.name === name);
  if (method) return { method, options };
  const names = methods.map((one) => one.name).join(", ");
  throw usage(`no method is called '${name}'; there are: ${names}`);
}

export const listed = (methods: readonly Named[]): string => {
  const width = Math.max(0, ...methods.map(({ name }) => name.length));
  const lines = methods.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`);
  return `\nMethods (NAME or NAME:key=value,...):\n${lines.join("\n")}`;
};

export const contextOf = (
  options: MethodSpec["options"],
  random: () => number,
  { cwd, signal }: Pick<Io, "cwd" | "signal">,
  onProgress: MethodContext["onProgress"],
): MethodContext => ({
  options,
  signal,
  random,
  file: (path) => readFile(resolve(cwd, path)),
  onProgress,
});

export function numberOf({ options }: MethodContext, key: string, otherwise: number): number {
  const value = options[key] ?? otherwise;
  if (typeof value !== "number") throw usage(`${key} is a number`);
  return value;
}
