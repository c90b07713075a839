import { floats } from "@frugal/tensor";
import { expect, test } from "vitest";
import { codeOf } from "../test/code-of.js";
import { openState } from "./state.js";
import { expectSignal, tokenStep } from "./step.js";

const step = tokenStep({
  stage: { at: "prompt" },
  needs: { features: { signal: "hidden", part: "projector" } },
  act: () => null,
});

test("a step does not act without the signals that it asked for", () => {
  expect(codeOf(() => step.act({}, openState(1)))).toBe("StateError");
  expect(step.act({ features: floats([1, 1], new Float32Array(1)) }, openState(1))).toBeNull();
});

test("expectSignal passes any extent at -1 and names what does not fit", () => {
  const signal = floats([2, 3], new Float32Array(6));
  expect(codeOf(() => expectSignal("x", signal, [2, -1]))).toBe("none");
  expect(codeOf(() => expectSignal("x", signal, [3, -1]))).toBe("ShapeError");
  expect(codeOf(() => expectSignal("x", signal, [2, 3, 1]))).toBe("ShapeError");
  const short = { ...signal, data: new Float32Array(5) };
  expect(codeOf(() => expectSignal("x", short, [2, 3]))).toBe("ShapeError");
  const whole = { ...signal, type: "int32" } as unknown as typeof signal;
  expect(codeOf(() => expectSignal("x", whole, [2, 3]))).toBe("DtypeError");
});
