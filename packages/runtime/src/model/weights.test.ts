import { floats } from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { expect, test } from "vitest";
import { TINY, tinyCheckpoint } from "../../test/tiny.js";
import { Decoder } from "./decoder.js";
import { WeightReader } from "./weights.js";

const readerOf = (checkpoint = tinyCheckpoint()) =>
  new WeightReader(referenceBackend(), checkpoint, "f32");

test("the first candidate with any tensor is the prefix", () => {
  const layer = readerOf().under("model.layers.", "layers.2.", "layers.1.");
  expect(layer.has("input_layernorm.weight")).toBe(true);
  expect(layer.tensor("input_layernorm.weight", [8]).dims).toEqual([8]);
  expect(() => readerOf().under("a.", "b.")).toThrow(/no tensor under a\. or b\./);
});

test("a tensor that is absent or has another shape is named", () => {
  const refusal = expect.objectContaining({ code: "FormatError" });
  expect(() => readerOf().raw("norm.bias", [8])).toThrow(refusal);
  expect(() => readerOf().raw("norm.bias", [8])).toThrow(/norm\.bias is absent/);
  expect(() => readerOf().raw("norm.weight", [4, 2])).toThrow(/is \[8\], the config wants \[4,2\]/);
  expect(() => readerOf().linear("layers.0.mlp.up_proj", 12, 9)).toThrow(refusal);
});

test("a bias goes into the weight where there is one", () => {
  const checkpoint = tinyCheckpoint();
  const name = "layers.0.mlp.up_proj";
  expect(readerOf(checkpoint).linear(name, 12, 8).hasBias).toBe(false);
  checkpoint.set(`${name}.bias`, floats([12]));
  expect(readerOf(checkpoint).linear(name, 12, 8).hasBias).toBe(true);
  checkpoint.set(`${name}.bias`, floats([11]));
  expect(() => readerOf(checkpoint).linear(name, 12, 8)).toThrow(/bias is \[11\]/);
});

test.each(["norm.weight", "layers.2.mlp.down_proj.weight", "embed_tokens.weight"])(
  "a decoder without %s is refused",
  (name) => {
    const checkpoint = tinyCheckpoint();
    checkpoint.delete(name);
    const reader = readerOf(checkpoint);
    expect(() => new Decoder(reader, reader, TINY)).toThrow(name);
  },
);

test("a decoder gives back what it took", () => {
  const backend = referenceBackend();
  const reader = new WeightReader(backend, tinyCheckpoint(), "f32");
  const before = backend.report().allocatedBytes;
  const decoder = new Decoder(reader, reader, TINY);
  decoder.reserve(3);
  decoder.embed(Uint32Array.of(1, 2, 3));
  decoder.logits(1, 2);
  decoder.dispose();
  expect(backend.report().allocatedBytes).toBe(before);
});
