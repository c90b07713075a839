/** Our tensors beside the types and the class of onnxruntime-common, which no emitted declaration of ours names. */
import { type InferenceSession, type OnnxValue, Tensor as OrtTensor } from "onnxruntime-common";
import { expect, test } from "vitest";
import { fromOrt, type OrtTensorLike, toOrt } from "../src/ort.js";
import { tensorFrom } from "../src/tensor.js";

test("a tensor of theirs is what we read, and one made from ours is what they feed", () => {
  const theirs: OrtTensorLike = new OrtTensor("float32", Float32Array.of(1, 2), [2]);
  const ours = fromOrt(theirs);
  expect([...(ours.data as Float32Array)]).toEqual([1, 2]);

  const { tensor: made } = toOrt(tensorFrom(Int32Array.of(3, 4), [1, 2]), { Tensor: OrtTensor });
  if (!(made instanceof OrtTensor)) throw new TypeError("not a tensor of theirs");
  const feeds: InferenceSession.FeedsType = { x: made };
  const value: OnnxValue | undefined = feeds.x;
  expect([value, made.type, [...made.dims]]).toEqual([made, "int32", [1, 2]]);
});
