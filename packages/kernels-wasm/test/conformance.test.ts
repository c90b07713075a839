/** Both builds obey the rules of every back end. */
import { backendRules } from "@frugal/tensor/conformance";
import { describe, test } from "vitest";
import { BUILDS, open } from "./support.js";

describe.each(BUILDS)("%s", (build) => {
  for (const rule of backendRules(() => open(build))) test(rule.name, rule.check);
});
