/**
 * The nine error classes of the whole repository.
 *
 * Every message reads `where: rule; got value`, then the remedy if there is one. `FrugalError.is` tests a marker
 * instead of `instanceof`, so two installed copies of this package agree; `code` survives minification.
 */
const MARKER = Symbol.for("frugal.error/v1");

export type ErrorCode =
  | "ArgumentError"
  | "ShapeError"
  | "DtypeError"
  | "FormatError"
  | "CapabilityError"
  | "StateError"
  | "DeviceError"
  | "ConformanceError"
  | "SourceError";

export class FrugalError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.name = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** True for an error of any installed version of Frugal; with a code, for that class only. */
  static is(error: unknown, code?: ErrorCode): error is FrugalError {
    if (typeof error !== "object" || error === null || !(MARKER in error)) return false;
    return code === undefined || (error as { code?: unknown }).code === code;
  }
}

/** An option or a count is out of range. */
export class ArgumentError extends FrugalError {
  readonly argument: string;
  readonly expected: string;
  readonly received: unknown;

  constructor(where: string, argument: string, expected: string, received: unknown, remedy = "") {
    super(
      "ArgumentError",
      `${where}: ${argument} must be ${expected}; got ${shown(received)}${sentence(remedy)}`,
    );
    this.argument = argument;
    this.expected = expected;
    this.received = received;
  }
}

/** Ranks or extents disagree. `-1` in `expected` stands for any extent. */
export class ShapeError extends FrugalError {
  readonly expected: readonly number[];
  readonly received: readonly number[];

  constructor(
    where: string,
    expected: readonly number[],
    received: readonly number[],
    remedy = "",
  ) {
    super(
      "ShapeError",
      `${where}: shape must be [${expected.map((d) => (d < 0 ? "any" : d)).join(", ")}]; got [${received.join(", ")}]${sentence(remedy)}`,
    );
    this.expected = expected;
    this.received = received;
  }
}

/** Wrong element type. */
export class DtypeError extends FrugalError {
  readonly expected: string;
  readonly received: string;

  constructor(where: string, expected: string, received: string, remedy = "") {
    super("DtypeError", `${where}: type must be ${expected}; got ${received}${sentence(remedy)}`);
    this.expected = expected;
    this.received = received;
  }
}

/** A file breaks its format or a named limit. `offset` is in bytes where one is known. */
export class FormatError extends FrugalError {
  readonly offset: number | undefined;
  readonly limit: string | undefined;

  constructor(
    where: string,
    problem: string,
    at: { readonly offset?: number; readonly limit?: string; readonly cause?: unknown } = {},
  ) {
    const place = at.offset === undefined ? "" : ` at byte ${at.offset}`;
    const limit = at.limit === undefined ? "" : ` (limit ${at.limit})`;
    super("FormatError", `${where}: ${problem}${place}${limit}`, { cause: at.cause });
    this.offset = at.offset;
    this.limit = at.limit;
  }
}

/** This host, device or model cannot supply what is needed. */
export class CapabilityError extends FrugalError {
  readonly missing: readonly string[];
  readonly causes: readonly unknown[];

  constructor(
    where: string,
    missing: readonly string[],
    remedy = "",
    causes: readonly unknown[] = [],
  ) {
    const because = causes
      .map((c) => `\n  - ${c instanceof Error ? c.message : String(c)}`)
      .join("");
    super(
      "CapabilityError",
      `${where}: not available: ${missing.join(", ")}${sentence(remedy)}${because}`,
    );
    this.missing = missing;
    this.causes = causes;
  }
}

/** Call order, a disposed object, or data on another device. */
export class StateError extends FrugalError {
  readonly state: string;

  constructor(where: string, state: string, remedy = "") {
    super("StateError", `${where}: ${state}${sentence(remedy)}`);
    this.state = state;
  }
}

/** Device lost, out of memory, pipeline refused. */
export class DeviceError extends FrugalError {
  constructor(where: string, problem: string, cause?: unknown) {
    super("DeviceError", `${where}: ${problem}`, { cause });
  }
}

/** A rule of a test kit failed. */
export class ConformanceError extends FrugalError {
  readonly rule: string;
  readonly seed: string;

  constructor(subject: string, rule: string, seed: string, detail = "") {
    super(
      "ConformanceError",
      `${subject}: breaks the rule "${rule}" at ${seed}${detail ? `; ${detail}` : ""}`,
    );
    this.rule = rule;
    this.seed = seed;
  }
}

/** A remote or local source could not be read. `status` is the HTTP status, 0 where there was none. */
export class SourceError extends FrugalError {
  readonly url: string;
  readonly status: number;

  constructor(where: string, url: string, status: number, problem: string, cause?: unknown) {
    super(
      "SourceError",
      `${where}: ${problem}; source ${url}${status ? ` (status ${status})` : ""}`,
      {
        cause,
      },
    );
    this.url = url;
    this.status = status;
  }
}

const sentence = (remedy: string): string => (remedy ? `. ${remedy}` : "");

function shown(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (typeof value === "object" && value !== null) {
    const text = JSON.stringify(value) ?? String(value);
    return text.length > 120 ? `${text.slice(0, 120)}…` : text;
  }
  return String(value);
}
