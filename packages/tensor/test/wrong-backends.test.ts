/** The kit must reject what is wrong: one fault each, and the rule that is there to find it. */
import { describe, expect, test } from "vitest";
import { backendRules } from "../src/conformance/index.js";
import { type ConformanceError, FrugalError } from "../src/errors/index.js";
import { referenceBackend } from "../src/reference/index.js";
import { ATTENTION_FAULTS } from "./faults/attention-faults.js";
import { CACHE_FAULTS } from "./faults/cache-faults.js";
import { MEMORY_FAULTS } from "./faults/memory-faults.js";
import { OPERATION_FAULTS } from "./faults/operation-faults.js";

const FAULTS = [...MEMORY_FAULTS, ...OPERATION_FAULTS, ...ATTENTION_FAULTS, ...CACHE_FAULTS];

describe("a back end with one fault is rejected", () => {
  test.each(FAULTS)("%s: %s", async (name, _, breakIt) => {
    const rules = backendRules(() => {
      const right = referenceBackend();
      return { ...right, name: "wrong", ...breakIt(right) };
    });
    const rule = rules.find((each) => each.name === name);
    expect(rule, "no such rule").toBeDefined();
    const failure = await rule!.check().then(
      () => null,
      (error: unknown) => error,
    );
    expect(FrugalError.is(failure, "ConformanceError")).toBe(true);
    const { message, rule: broken } = failure as ConformanceError;
    expect(broken).toBe(name);
    expect(message).toContain("wrong: breaks");
    expect(message, "found by comparing, not by accident").not.toContain("; threw");
  });

  test("every rule of the kit has a fault that it finds", () => {
    const names = backendRules(() => referenceBackend()).map(({ name }) => name);
    expect(new Set(FAULTS.map(([rule]) => rule))).toEqual(new Set(names));
  });
});
