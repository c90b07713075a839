/** Parsers of option values. */
import { InvalidArgumentError } from "commander";

export function count(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError("It must be a whole number of 0 or more.");
}

export function atLeastOne(text: string): number {
  const value = count(text);
  if (value >= 1) return value;
  throw new InvalidArgumentError("It must be at least 1.");
}

export function number(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError("It must be a number of 0 or more.");
}

export function shares(text: string): number[] {
  const values = text.split(",").map(Number);
  if (values.every((value) => value > 0 && value < 1)) return values;
  throw new InvalidArgumentError("They must lie between 0 and 1, divided by commas.");
}

export const words = (text: string): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

export const collect = (text: string, before: readonly string[] = []): string[] => [
  ...before,
  text,
];
