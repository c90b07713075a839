/** Byte offsets beyond 2 GiB, where 32-bit integers turn negative. The lower memory is reserved and never touched. */
import { floats, pagedKv, type Tensor } from "@frugal/tensor";
import { expect, test } from "vitest";
import { attend } from "../src/attention/attend.js";
import { AttentionPlan } from "../src/attention/plan.js";
import { Core } from "../src/core.js";
import { gather } from "../src/gather.js";
import { instantiate } from "../src/instantiate.js";
import { WasmPages } from "../src/pages.js";
import { linear } from "../src/products.js";
import { createTensorIn, readTensor, uploadTensor } from "../src/tensors.js";
import { createWeight } from "../src/weights.js";
import { numbers } from "./support.js";

const RESERVED = 2_200_000_000;

async function run(reserved: number): Promise<Float32Array[]> {
  const core = new Core(await instantiate({ build: "simd" }));
  if (reserved > 0) core.arena.allocate(reserved);
  const up = (dims: readonly number[], seed: string): Tensor =>
    uploadTensor(core, floats(dims, numbers(dims[0]! * dims[1]!, seed)));
  const input = up([5, 16], "input");
  expect(core.at(input)).toBeGreaterThanOrEqual(reserved);
  const weight = createWeight(core, floats([16, 16], numbers(256, "w")), undefined, "int8");
  const out = createTensorIn(core, "test", [5, 16], "float32");
  linear(core, input, weight, out, 5);
  const rows = createTensorIn(core, "test", [2, 16], "float32");
  gather(core, weight, Uint32Array.of(3, 9), rows, 0);
  const pages = new WasmPages(core);
  const memory = pagedKv(pages);
  const head = memory.create({ headWidth: 8, format: "int8" });
  const other = memory.create({ headWidth: 8, format: "f32" });
  const positions = Int32Array.of(0, 1, 2, 3, 4);
  memory.append({ runs: [head, other], keys: out, values: input, firstRow: 0, rows: 5, positions });
  const seen = createTensorIn(core, "test", [5, 16], "float32");
  const source = { kind: "runs", runs: [[head], [other]] } as const;
  const call = { query: input, firstRow: 0, rows: 5, headCount: 2, headWidth: 8, source, scale: 1 };
  attend(
    core,
    new AttentionPlan(core, pages),
    { ...call, mask: { kind: "causal" } },
    { out: seen },
  );
  return [out, rows, seen].map((tensor) => readTensor(core, tensor, 0) as Float32Array);
}

test("gives the same bits there as below", async () => {
  const low = await run(0);
  const high = await run(RESERVED);
  for (const [i, want] of low.entries()) expect(high[i]).toEqual(want);
});
