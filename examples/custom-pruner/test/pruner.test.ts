import type { Budget, TokenMethod } from "@frugal/vision-token-pruning";
import { tokenMethodRules } from "@frugal/vision-token-pruning/conformance";
import { expect, test } from "vitest";

const { default: edges } = (await import(new URL("../pruner.mjs", import.meta.url).href)) as {
  default: (budget: Budget) => TokenMethod;
};

for (const rule of tokenMethodRules(edges)) test(rule.name, rule.check);

test("is listed by its name", () => {
  expect(edges({ keepRatio: 0.5 }).name).toBe("edges");
});
