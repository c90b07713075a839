/** What the trainers of `frugal tokenize train` share: their keys checked, progress handed on. */
import type { JobOptions } from "@frugal/tokenizers/train";
import { usage } from "../failure.js";
import type { MethodContext } from "./methods.js";

export function checkKeys({ options }: MethodContext, name: string, keys: readonly string[]): void {
  const wrong = Object.keys(options).find((key) => !keys.includes(key));
  if (wrong !== undefined)
    throw usage(`${name} has no key '${wrong}'; there are: ${keys.join(", ")}`);
}

export const job = ({ signal, onProgress }: MethodContext): JobOptions => ({
  signal,
  onProgress: ({ phase, done, total = 0 }) => onProgress(phase, done, total),
});
