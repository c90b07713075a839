/** A report as JSON, two spaces deep; what is not finite becomes null. */
import type { Report } from "../types.js";

export function reportJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
