import type { Budget, TokenMethod } from "@frugal/vision-token-pruning";
import { tokenMethodRules } from "@frugal/vision-token-pruning/conformance";
import { expect, test } from "vitest";

const { default: spokesmen } = (await import(new URL("../pruner.mjs", import.meta.url).href)) as {
  default: (budget: Budget) => TokenMethod;
};

for (const rule of tokenMethodRules(spokesmen)) test(rule.name, rule.check);

test("is listed by its name", () => {
  expect(spokesmen({ keepRatio: 0.5 }).name).toBe("spokesmen");
});
