import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { FrugalError } from "../errors/index.js";
import type { OrtTensorLike } from "../ort.js";
import { tensorRules } from "./index.js";
import type { OrtRuntime } from "./tensor/ort-rules.js";

// The rival runtimes are installed where the benches are.
const fromBench = createRequire(new URL("../../../../bench/package.json", import.meta.url));
const web = fromBench("onnxruntime-web") as OrtRuntime;

for (const rule of tensorRules({ web })) test(rule.name, rule.check);

class StandInTensor implements OrtTensorLike {
  readonly location = "cpu";
  constructor(
    readonly type: string,
    readonly data: unknown,
    readonly dims: readonly number[],
  ) {}
}

interface Behavior {
  readonly Tensor?: unknown;
  run?(x: OrtTensorLike, y?: OrtTensorLike): OrtTensorLike;
}

/** A runtime in which outputs are copies, with one thing changed. */
function standIn({ Tensor = StandInTensor, run }: Behavior = {}): OrtRuntime {
  const copied = ({ type, data, dims }: OrtTensorLike) =>
    new StandInTensor(type, (data as Float32Array).slice(), dims);
  return {
    Tensor: Tensor as OrtRuntime["Tensor"],
    InferenceSession: {
      create: async () => ({
        run: async ({ x }: { x: OrtTensorLike }, fetches?: { y: OrtTensorLike }) => ({
          y: run ? run(x, fetches?.y) : copied(x),
        }),
      }),
    },
  } as OrtRuntime;
}

test("a runtime with the known facts passes", async () => {
  for (const rule of tensorRules({ node: standIn() })) await rule.check();
});

describe("a runtime whose facts have changed is told", () => {
  const copy = (
    x: OrtTensorLike,
    change: (data: Float32Array) => Float32Array = (d) => d.slice(),
  ) => new StandInTensor(x.type, change(x.data as Float32Array), x.dims);
  const faults: readonly (readonly [string, Behavior])[] = [
    [
      "takes our tensors, plain feeds and its own class alike",
      {
        run(x) {
          if (!(x instanceof StandInTensor)) throw new TypeError("feed must be a Tensor");
          return copy(x);
        },
      },
    ],
    [
      "gives tensors that fromOrt borrows and owns",
      { run: (x) => copy(x, (d) => d.map((v) => v + 1)) },
    ],
    ["takes the bits of float16 in a plain object", { run: (x) => copy(x, (d) => d.map(() => 0)) }],
    [
      "has tensors without strides, offsets or views",
      {
        Tensor: class extends StandInTensor {
          readonly strides = [1];
        },
      },
    ],
    [
      "keeps its outputs apart from a feed that changes after the run",
      { run: (x) => copy(x, (d) => d) },
    ],
    [
      "does not fill a plain object given as output",
      {
        run(x, y) {
          (y?.data as Float32Array | undefined)?.set(x.data as Float32Array);
          return copy(x);
        },
      },
    ],
  ];

  test.each(faults)("%s", async (name, behavior) => {
    const rules = tensorRules({ node: standIn(behavior) });
    const rule = rules.find((each) => each.name === `onnxruntime-node ${name}`);
    const failure = await rule!.check().then(
      () => null,
      (error: unknown) => error,
    );
    expect(FrugalError.is(failure, "ConformanceError")).toBe(true);
  });
});
