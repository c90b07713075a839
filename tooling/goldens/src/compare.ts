/** Compares what an adapter gave with what a case expects, value by value, flat. */
import { type GoldenValue, isTensor } from "./types.js";

type Leaf = number | string | boolean | null;

/** null when they agree; otherwise the first difference in words. */
export function firstDifference(
  expected: GoldenValue,
  actual: unknown,
  tolerance: number,
): string | null {
  const want = leaves(expected);
  const got = leaves(actual);
  for (let i = 0; i < Math.min(want.length, got.length); i++) {
    const a = want[i] as Leaf;
    const b = got[i] as Leaf;
    if (agree(a, b, tolerance)) continue;
    const by = typeof a === "number" && typeof b === "number" ? `, off by ${Math.abs(a - b)}` : "";
    return `element ${i} of ${want.length}: expected ${show(a)}, got ${show(b)}${by} (tolerance ${tolerance})`;
  }
  if (want.length !== got.length) return `expected ${want.length} elements, got ${got.length}`;
  return null;
}

function agree(a: Leaf, b: Leaf, tolerance: number): boolean {
  if (typeof a === "boolean") return a === b || Number(a) === b;
  if (typeof a === "number" && typeof b === "boolean") return a === Number(b);
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance;
}

function leaves(value: unknown, into: Leaf[] = []): Leaf[] {
  if (value === null || ["number", "string", "boolean"].includes(typeof value))
    into.push(value as Leaf);
  else if (typeof value === "bigint") into.push(Number(value));
  else if (isTensor(value as GoldenValue)) leaves((value as { data: unknown }).data, into);
  else if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    for (const item of value as unknown as Iterable<unknown>) leaves(item, into);
  } else if (typeof value === "object") {
    for (const key of Object.keys(value as object).sort()) {
      into.push(key);
      leaves((value as Record<string, unknown>)[key], into);
    }
  } else into.push(`missing value (${typeof value})`);
  return into;
}

const show = (leaf: Leaf): string =>
  typeof leaf === "string" && leaf.length > 200
    ? JSON.stringify(`${leaf.slice(0, 200)}…`)
    : JSON.stringify(leaf);
