/** Runs one case and says how it ended. */
import type { Area } from "./cases.js";
import { firstDifference } from "./compare.js";
import {
  type CaseRunner,
  type Context,
  type GoldenCase,
  type GoldenValue,
  MissingError,
} from "./types.js";

export interface Verdict {
  readonly id: string;
  readonly kind: "passed" | "failed" | "missing" | "differs";
  readonly detail: string;
}

export async function runCase(
  golden: GoldenCase,
  area: Area,
  runner: CaseRunner | undefined,
  context: Context,
  differs: Readonly<Record<string, string>>,
): Promise<Verdict> {
  const { id } = golden;
  if (!runner) return { id, kind: "missing", detail: "no adapter" };
  const problem = await problemOf(golden, area, runner, context);
  if (problem === null) return { id, kind: "passed", detail: "" };
  if (problem.missing) return { id, kind: "missing", detail: problem.text };
  const reason = differs[id];
  if (reason !== undefined) return { id, kind: "differs", detail: reason };
  return { id, kind: "failed", detail: problem.text };
}

async function problemOf(
  golden: GoldenCase,
  area: Area,
  runner: CaseRunner,
  context: Context,
): Promise<{ readonly text: string; readonly missing: boolean } | null> {
  try {
    const resolved = await area.resolve(golden);
    const actual = await runner(resolved, context);
    for (const [key, value] of Object.entries(resolved.expect)) {
      const expected = await contentOf(value, context);
      if (!(key in actual)) return { text: `${key}: the adapter gave no value`, missing: false };
      const difference = firstDifference(expected, actual[key], golden.tolerance[key] ?? 0);
      if (difference !== null) return { text: `${key}: ${difference}`, missing: false };
    }
    return null;
  } catch (error) {
    if (error instanceof MissingError) return { text: error.message, missing: true };
    return {
      text: error instanceof Error ? (error.stack ?? error.message) : String(error),
      missing: false,
    };
  }
}

const FILE = /^file:(.+)$/;

/** The value itself, or what the file holds that it names: JSON, else text. */
async function contentOf(value: GoldenValue, context: Context): Promise<GoldenValue> {
  const path = typeof value === "string" ? FILE.exec(value)?.[1] : undefined;
  if (path === undefined) return value;
  const text = new TextDecoder().decode(await context.file(path));
  return path.endsWith(".json") ? (JSON.parse(text) as GoldenValue) : text;
}
