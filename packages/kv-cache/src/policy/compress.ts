/**
 * Puts a policy together and refuses one that cannot work.
 *
 * Errors   ArgumentError for a part that is missing or out of range; CapabilityError for scores of query heads, which a
 *          cache of kv heads cannot keep apart
 */
import { ArgumentError, CapabilityError, resolveBudget } from "@frugal/tensor";
import { uniform } from "../allocators/uniform.js";
import { evict } from "../reducers/evict.js";
import type { CachePolicy, Scorer } from "../types.js";

export const DEFAULT_INTERVAL = 16;

type Optional = "allocator" | "reducer" | "positions";

/** Defaults: uniform(), evict(), original positions, every 16 committed tokens, nothing protected but by the scorer. */
export function compress(
  policy: Omit<CachePolicy, Optional> & Partial<Pick<CachePolicy, Optional>>,
): Required<CachePolicy> {
  const where = "compress";
  const {
    scorer,
    budget,
    allocator = uniform(),
    reducer = evict(),
    positions = "original",
    interval = DEFAULT_INTERVAL,
    sinks = 0,
    recent = 0,
  } = policy;
  part(where, "scorer", scorer, "open");
  part(where, "allocator", allocator, "allocate");
  part(where, "reducer", reducer, "reduce");
  checkGranularity(where, scorer);
  resolveBudget(0, budget, 1);
  if (positions !== "original" && positions !== "compact") {
    throw new ArgumentError(where, "positions", `"original" or "compact"`, positions);
  }
  integer(where, "interval", interval, 1);
  integer(where, "sinks", sinks, 0);
  integer(where, "recent", recent, 0);
  return { scorer, allocator, reducer, budget, positions, interval, sinks, recent };
}

function part(where: string, name: string, value: unknown, method: string): void {
  const given = value as Record<string, unknown> | null | undefined;
  if (typeof given === "object" && given !== null && typeof given[method] === "function") return;
  throw new ArgumentError(where, name, `an object with ${method}()`, value);
}

function checkGranularity(where: string, { name, granularity }: Scorer): void {
  if (granularity === "layer" || granularity === "kvHead") return;
  if (granularity !== "queryHead") {
    throw new ArgumentError(where, "scorer.granularity", `"layer" or "kvHead"`, granularity);
  }
  throw new CapabilityError(
    where,
    [`slots of query heads (${name})`],
    "The cache keeps kv heads; reduce the scores over each group.",
  );
}

function integer(where: string, name: string, value: unknown, least: number): void {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return;
  throw new ArgumentError(where, name, `an integer of at least ${least}`, value);
}
