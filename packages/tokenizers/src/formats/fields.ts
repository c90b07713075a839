/**
 * Reads the fields of parsed JSON, checked, with the field's path in every error.
 *
 * State    records keep their own keys only: a key such as `__proto__` or `constructor` is data, never a prototype
 * Errors   FormatError for a field of the wrong kind; CapabilityError for a type or an option that is not supported
 */
import { CapabilityError, FormatError } from "@frugal/tensor/errors";
import { PATTERN_LENGTH_LIMIT } from "../limits.js";

const WHERE = "loadTokenizer";

export interface Fields {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
}

export function fields(value: unknown, path: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(path, "an object", value);
  return { path, value: value as Record<string, unknown> };
}

/** The field's value; undefined where the record itself does not hold it. */
export const raw = (from: Fields, key: string): unknown =>
  Object.hasOwn(from.value, key) ? from.value[key] : undefined;

/** Undefined where the field is absent or null. */
export function optionalFields(from: Fields, key: string): Fields | undefined {
  const value = raw(from, key);
  return value === undefined || value === null ? undefined : fields(value, at(from, key));
}

export function string(from: Fields, key: string, fallback?: string): string {
  const value = raw(from, key);
  if (value === undefined && fallback !== undefined) return fallback;
  if (typeof value !== "string") throw wrong(at(from, key), "a string", value);
  return value;
}

export function optionalString(from: Fields, key: string): string | undefined {
  const value = raw(from, key);
  return value === undefined || value === null ? undefined : string(from, key);
}

export function boolean(from: Fields, key: string, fallback: boolean): boolean {
  const value = raw(from, key);
  if (value === undefined || value === null) return fallback;
  if (typeof value !== "boolean") throw wrong(at(from, key), "true or false", value);
  return value;
}

export function whole(from: Fields, key: string, limit: number, fallback?: number): number {
  const value = raw(from, key);
  if (value === undefined && fallback !== undefined) return fallback;
  return wholeNumber(value, at(from, key), limit);
}

export function wholeNumber(value: unknown, path: string, limit: number): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw wrong(path, "a whole number from 0 up", value);
  if (value >= limit)
    throw new FormatError(WHERE, `${path} is ${value}`, { limit: `below ${limit}` });
  return value;
}

export function list(from: Fields, key: string, limit: number): readonly unknown[] {
  const value = raw(from, key);
  if (!Array.isArray(value)) throw wrong(at(from, key), "a list", value);
  counted(value.length, at(from, key), limit);
  return value;
}

/** Refuses what has more than `limit` entries. */
export function counted(count: number, path: string, limit: number): void {
  if (count > limit)
    throw new FormatError(WHERE, `${path} has ${count} entries`, { limit: String(limit) });
}

export function oneOf<T extends string>(from: Fields, key: string, allowed: readonly T[]): T {
  const value = raw(from, key);
  const found = allowed.find((a) => a === value);
  if (found === undefined) throw wrong(at(from, key), `one of ${allowed.join(", ")}`, value);
  return found;
}

/** `{"String": s}` or `{"Regex": s}`. */
export function pattern(from: Fields, key: string): { literal: boolean; source: string } {
  const value = fields(raw(from, key), at(from, key));
  const literal = Object.hasOwn(value.value, "String");
  const source = string(value, literal ? "String" : "Regex");
  return { literal, source: bounded(source, value.path, PATTERN_LENGTH_LIMIT) };
}

export function bounded(text: string, path: string, limit: number): string {
  if (text.length > limit)
    throw new FormatError(WHERE, `${path} has ${text.length} characters`, { limit: String(limit) });
  return text;
}

export const at = (from: Fields, key: string): string =>
  from.path === "" ? key : `${from.path}.${key}`;

export const wrong = (path: string, expected: string, received: unknown): FormatError =>
  new FormatError(WHERE, `${path} must be ${expected}; got ${brief(received)}`);

export const invalid = (path: string, problem: string, cause?: unknown): FormatError =>
  new FormatError(WHERE, `${path} ${problem}`, { cause });

export const unsupported = (what: string, remedy = ""): CapabilityError =>
  new CapabilityError(WHERE, [what], remedy);

function brief(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Refuses fields that nothing reads: they may change the result. */
export function only(from: Fields, ...keys: readonly string[]): void {
  for (const key of Object.keys(from.value))
    if (!keys.includes(key)) throw unsupported(`the field ${at(from, key)}`);
}
