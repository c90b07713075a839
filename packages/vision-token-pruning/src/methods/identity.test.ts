import { expect, test } from "vitest";
import { contextOf } from "../trial/model.js";
import { identity } from "./identity.js";

test("has no step, so nothing is computed for it", () => {
  expect(identity().open(contextOf(9)).steps).toEqual([]);
  expect(identity().name).toBe("identity");
});
