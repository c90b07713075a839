/**
 * Loads anyone's method from a module: its default export is a method, or a function from a budget to one.
 *
 * Errors   a usage error for a file that is not there; ArgumentError for a module that exports no method
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError, type Budget } from "@frugal/tensor";
import { kindOf } from "./catalogue.js";
import { usage } from "./failure.js";

export interface Plugin {
  readonly kind: "images" | "cache" | "draft";
  readonly name: string;
  make(budget: Budget): object;
}

const ANY_BUDGET: Budget = { keepRatio: 0.5 };

/** A path is told from a method's name by its ending. */
export const isPlugin = (name: string): boolean => /\.(mjs|js|cjs)$/.test(name);

export async function loadPlugin(file: string, cwd: string): Promise<Plugin> {
  const path = resolve(cwd, file);
  if (!existsSync(path)) throw usage(`there is no file ${path}`);
  const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: unknown };
  const make = (budget: Budget): unknown =>
    typeof exported === "function" ? exported(budget) : exported;
  const first = make(ANY_BUDGET);
  const kind = kindOf(first);
  if (kind !== "images" && kind !== "cache" && kind !== "draft") {
    throw new ArgumentError(
      file,
      "the default export",
      "a TokenMethod, Scorer or Drafter, or a function from a budget to one",
      exported,
    );
  }
  return { kind, name: (first as { name: string }).name, make: make as (budget: Budget) => object };
}
