/**
 * Takes checked fields out of a JSON object that nobody vouches for.
 *
 * Errors   FormatError naming the field for a value of another kind or outside its limits; CapabilityError for a value
 *          that would change the computation and is not built
 */
import { CapabilityError, FormatError } from "@frugal/tensor/errors";
import { isObject, type JsonObject } from "./json.js";

export interface Range {
  readonly least: number;
  readonly most: number;
  /** The named limit, for the message. */
  readonly limit?: string;
}

export class Fields {
  readonly #object: JsonObject;
  /** Path of the object for messages, e.g. "config.text_config". */
  readonly where: string;

  constructor(value: unknown, where: string) {
    if (!isObject(value)) throw new FormatError(where, "no JSON object");
    this.#object = value;
    this.where = where;
  }

  /** Undefined where the field is absent or null: JSON files spell "default" both ways. */
  raw(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? (this.#object[name] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  count(name: string, range: Range, fallback?: number): number {
    return this.#number(name, range, fallback, true);
  }

  number(name: string, range: Range, fallback?: number): number {
    return this.#number(name, range, fallback, false);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== "boolean") return this.fail(name, "true or false", value);
    return value;
  }

  text(name: string, fallback?: string): string {
    const value = this.raw(name) ?? fallback;
    if (typeof value !== "string") return this.fail(name, "a text", value);
    return value;
  }

  /** The entry of `choices` that the field names. */
  choice<T>(name: string, choices: Readonly<Record<string, T>>, fallback: string): T {
    const value = this.text(name, fallback);
    if (!Object.hasOwn(choices, value)) {
      const known = Object.keys(choices).join(", ");
      throw new CapabilityError(this.where, [`${name} ${shown(value)}`], `Known: ${known}`);
    }
    return choices[value] as T;
  }

  /** One integer or a list of them; empty where the field is absent. */
  counts(name: string, range: Range, most: number): readonly number[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (list.length > most) this.fail(name, `at most ${most} numbers`, list.length);
    return list.map((item) => this.#checked(name, item, range, true));
  }

  numbers(
    name: string,
    range: Range,
    length: number,
    fallback: readonly number[],
  ): readonly number[] {
    const value = this.raw(name) ?? fallback;
    if (!Array.isArray(value) || value.length !== length) {
      return this.fail(name, `a list of ${length} numbers`, value);
    }
    return value.map((item) => this.#checked(name, item, range, false));
  }

  /** The object in a field; an empty one where it is absent. */
  inner(name: string): Fields {
    return new Fields(this.raw(name) ?? {}, `${this.where}.${name}`);
  }

  /** Refuses a field that would change the computation, unless it has the value that does not. */
  refuse(name: string, harmless?: boolean | number | string): void {
    const value = this.raw(name);
    if (value === undefined || value === harmless) return;
    throw new CapabilityError(this.where, [`${name} ${shown(value)}`]);
  }

  fail(name: string, expected: string, received: unknown, limit?: string): never {
    const problem = `${name} must be ${expected}; got ${shown(received)}`;
    throw new FormatError(this.where, problem, limit === undefined ? {} : { limit });
  }

  #number(name: string, range: Range, fallback: number | undefined, isWhole: boolean): number {
    return this.#checked(name, this.raw(name) ?? fallback, range, isWhole);
  }

  #checked(name: string, value: unknown, range: Range, isWhole: boolean): number {
    const { least, most, limit } = range;
    const isNumber = typeof value === "number" && (!isWhole || Number.isSafeInteger(value));
    if (!isNumber || !(value >= least && value <= most)) {
      const kind = isWhole ? "an integer" : "a number";
      return this.fail(name, `${kind} in ${least}..${most}`, value, limit);
    }
    return value;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
