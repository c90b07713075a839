import type { Scorer } from "@frugal/kv-cache";
import { scorerRules } from "@frugal/kv-cache/conformance";
import { expect, test } from "vitest";

const { default: scorer } = (await import(new URL("../scorer.mjs", import.meta.url).href)) as {
  default: Scorer;
};

for (const rule of scorerRules(() => scorer)) test(rule.name, rule.check);

test("is listed by its name", () => {
  expect(scorer.name).toBe("strongest-look");
});
