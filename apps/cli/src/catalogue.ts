/**
 * Finds methods by their names in the generated indexes of their packages.
 *
 * An index also exports the functions that methods are made of, so an export counts when calling it gives an object of the
 * right shape; its name is the object's.
 */

import type { Allocator, Reducer, Scorer } from "@frugal/kv-cache";
import * as allocators from "@frugal/kv-cache/allocators";
import * as reducers from "@frugal/kv-cache/reducers";
import * as scorers from "@frugal/kv-cache/scorers";
import type { Drafter, Verifier } from "@frugal/speculative";
import * as drafters from "@frugal/speculative/drafters";
import * as verifiers from "@frugal/speculative/verifiers";
import type { TokenMethod } from "@frugal/vision-token-pruning";
import * as methods from "@frugal/vision-token-pruning/methods";
import { usage } from "./failure.js";

interface Kinds {
  readonly images: TokenMethod;
  readonly cache: Scorer;
  readonly allocator: Allocator;
  readonly reducer: Reducer;
  readonly draft: Drafter;
  readonly verifier: Verifier;
}
export type Kind = keyof Kinds;

export type Options = Readonly<Record<string, unknown>>;

export interface Entry<K extends Kind> {
  readonly name: string;
  make(options?: Options): Kinds[K];
}

const GROUPS: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  images: methods,
  cache: scorers,
  allocator: allocators,
  reducer: reducers,
  draft: drafters,
  verifier: verifiers,
};

const SAMPLE_OPTIONS: Partial<Record<Kind, Options>> = { images: { budget: { keepRatio: 0.5 } } };

export function entries<K extends Kind>(kind: K): Entry<K>[] {
  return Object.values(GROUPS[kind]).flatMap((candidate) => {
    if (typeof candidate !== "function") return [];
    const make = candidate as (options: Options) => Kinds[K];
    const name = nameOf(kind, make);
    return name === undefined ? [] : [{ name, make: (options = {}) => make(options) }];
  });
}

export function find<K extends Kind>(kind: K, name: string): Entry<K> {
  const all = entries(kind);
  const entry = all.find((one) => one.name === name);
  if (entry) return entry;
  const names = all.map((one) => one.name).sort();
  throw usage(`no ${WORDS[kind]} is called '${name}'; there are: ${names.join(", ")}`);
}

/** The kind of any object, by what it can do. */
export function kindOf(value: unknown): Kind | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const has = (member: string): boolean =>
    typeof (value as Record<string, unknown>)[member] === "function";
  if (typeof (value as { name?: unknown }).name !== "string") return undefined;
  if (has("open")) return has("needs") ? "cache" : "images";
  if (has("propose")) return "draft";
  if (has("verify")) return "verifier";
  if (has("allocate")) return "allocator";
  return has("reduce") ? "reducer" : undefined;
}

export const WORDS: Readonly<Record<Kind, string>> = {
  images: "method for image tokens",
  cache: "cache scorer",
  allocator: "allocator",
  reducer: "reducer",
  draft: "drafter",
  verifier: "verifier",
};

function nameOf(kind: Kind, make: (options: Options) => unknown): string | undefined {
  let made: unknown;
  try {
    made = make(SAMPLE_OPTIONS[kind] ?? {});
  } catch {
    // A function that the methods are made of, called with what it does not take.
    return undefined;
  }
  if (made instanceof Promise) made.catch(() => {});
  return kindOf(made) === kind ? (made as { name: string }).name : undefined;
}
