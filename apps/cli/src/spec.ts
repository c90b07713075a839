/**
 * Reads `NAME` or `NAME:key=value,key=value`, as methods are named on the command line.
 *
 * Units    keep is a share in 0..1, tokens a count
 * Errors   a usage error for anything else
 */
import type { Budget } from "@frugal/tensor";
import { usage } from "./failure.js";

export interface MethodSpec {
  readonly name: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

/** Option values are digits, words or true and false; a file's own colons are left alone. */
const SPEC = /^(.+?)(?::([A-Za-z]\w*=[^,=]*(?:,[A-Za-z]\w*=[^,=]*)*))?$/s;

export function parseSpec(text: string): MethodSpec {
  const [, name, list] = SPEC.exec(text) ?? [];
  if (name === undefined || (list === undefined && /:\w*=?/.test(name) && name.includes("="))) {
    throw usage(`'${text}' is not NAME or NAME:key=value,...`);
  }
  const options: Record<string, string | number | boolean> = {};
  for (const pair of list?.split(",") ?? []) {
    const at = pair.indexOf("=");
    const key = pair.slice(0, at);
    if (Object.hasOwn(options, key)) throw usage(`'${key}' is given twice in '${text}'`);
    options[key] = literal(pair.slice(at + 1));
  }
  return { name, options };
}

function literal(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Takes `keep` or `tokens` out of the options. */
export function takeBudget(
  { name, options }: MethodSpec,
  otherwise: Budget,
): { readonly budget: Budget; readonly rest: MethodSpec["options"] } {
  const { keep, tokens, ...rest } = options;
  if (keep !== undefined && tokens !== undefined) {
    throw usage(`${name}: give keep or tokens, not both`);
  }
  if (keep !== undefined) {
    if (typeof keep !== "number" || keep < 0 || keep > 1)
      throw usage(`${name}: keep is a share in 0..1`);
    return { budget: { keepRatio: keep }, rest };
  }
  if (tokens === undefined) return { budget: otherwise, rest };
  if (typeof tokens !== "number" || !Number.isInteger(tokens) || tokens < 0) {
    throw usage(`${name}: tokens is a count`);
  }
  return { budget: { tokens }, rest };
}
