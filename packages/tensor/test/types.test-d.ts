/** What must not compile, does not; what must, does. Checked by tsc alone. */
import { createRandom, floats, resolveBudget, type Tensor, tensorFrom } from "../src/index.js";
import type { Floats, TensorLike } from "../src/types.js";

declare const tensor: Tensor;

// A tensor and a plain object of floats are both what a session reads.
export const fed: readonly TensorLike[] = [tensor, floats([1])];

// @ts-expect-error a method's tensor is float32 for certain
export const narrow: Floats = tensor;

// @ts-expect-error float64 is no element type
tensorFrom([1], [1], "float64");

// @ts-expect-error floats hold float32 alone
floats([1], new Float64Array(1));

// @ts-expect-error extents are fixed
tensor.dims = [2];

// @ts-expect-error a budget names its unit
resolveBudget(4, { slots: 2 });

// @ts-expect-error labels are text
createRandom(1).fork(2);
