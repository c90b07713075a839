import { referenceBackend } from "@frugal/tensor/reference";
import { expect, test } from "vitest";
import { counted } from "../../test/tiny.js";
import { Scratch, STARTING_ROWS } from "./scratch.js";

test("is made once for small steps and grows for larger ones", () => {
  const { backend, made } = counted(referenceBackend());
  const scratch = new Scratch(backend, { hidden: 4, gate: 6 });
  expect(made()).toBe(0);
  for (const rows of [1, 7, STARTING_ROWS]) scratch.ensure(rows);
  expect(made()).toBe(2);
  expect(scratch.get("gate").dims).toEqual([STARTING_ROWS, 6]);
  const before = scratch.get("hidden");
  scratch.ensure(STARTING_ROWS + 1);
  expect(made()).toBe(4);
  expect(scratch.get("hidden").dims).toEqual([STARTING_ROWS + 1, 4]);
  expect(() => before.data).toThrow(/disposed/);
});

test("gives everything back", () => {
  const backend = referenceBackend();
  const before = backend.report().allocatedBytes;
  const scratch = new Scratch(backend, { hidden: 4 });
  scratch.ensure(1);
  expect(backend.report().allocatedBytes).toBeGreaterThan(before);
  scratch.dispose();
  scratch.dispose();
  expect(backend.report().allocatedBytes).toBe(before);
});
