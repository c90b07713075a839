/**
 * Keeps every token: the method that changes nothing, for comparison and as a default.
 *
 * Paper    none
 * Shapes   N tokens  ->  the same N
 * Cost     none: its session has no steps
 */
import type { TokenMethod } from "../types.js";

export function identity(): TokenMethod {
  return { name: "identity", open: () => ({ steps: [] }) };
}
