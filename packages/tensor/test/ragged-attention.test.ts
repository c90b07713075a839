/** Attention over ragged caches with log weights, windows and trees, as torch computed it from the definition. */
import { expect, test } from "vitest";
import type { AttentionMask, Backend } from "../src/backend.js";
import type { KvRun } from "../src/kv/types.js";
import { referenceBackend } from "../src/reference/index.js";
import { identityRows } from "../src/sparse-rows.js";
import { floats } from "../src/tensor.js";
import { type GoldenCase, goldenArea, largestDifference } from "./golden-files.js";

const kv = goldenArea("kv");
const cases = kv.cases.filter(({ method }) => method === "ragged-attention");
const floatsAt = (place: unknown) => kv.tensor(place).data as Float32Array;

function weighted(backend: Backend, rows: Slots): KvRun {
  const plain = backend.kv.create({ headWidth: rows.width, format: "f32" });
  using keys = backend.upload(floats([rows.count, rows.width], rows.keys));
  using values = backend.upload(floats([rows.count, rows.width], rows.values));
  const { count, positions } = rows;
  backend.kv.append({ runs: [plain], keys, values, firstRow: 0, rows: count, positions });
  const map = identityRows(count);
  const { logWeights } = rows;
  const run = backend.kv.gather(
    [plain],
    { keysFrom: map, valuesFrom: map, positions, logWeights },
    "f32",
  );
  plain.dispose();
  return run;
}

interface Slots {
  readonly count: number;
  readonly width: number;
  readonly keys: Float32Array;
  readonly values: Float32Array;
  readonly positions: Int32Array;
  readonly logWeights: Float32Array;
}

/** The cached slots of each kv head, one weighted run a head. */
function cachedHeads(backend: Backend, { inputs, params }: GoldenCase): KvRun[] {
  const width = params.headDim as number;
  const [keys, values] = [floatsAt(inputs.keys), floatsAt(inputs.values)];
  const logWeights = floatsAt(inputs.logWeight);
  const positions = Int32Array.from(kv.tensor(inputs.positions).data, Number);
  let first = 0;
  return (inputs.lengths as number[]).map((count) => {
    const [from, to] = [first, first + count];
    first = to;
    return weighted(backend, {
      count,
      width,
      keys: keys.subarray(from * width, to * width),
      values: values.subarray(from * width, to * width),
      positions: positions.subarray(from, to),
      logWeights: logWeights.subarray(from, to),
    });
  });
}

test("the area has nine of them", () => expect(cases.length).toBe(9));

test.each(cases.map((golden) => [golden.id, golden] as const))("%s", async (_, golden) => {
  const { inputs, params, expect: wanted, tolerance } = golden;
  const { heads, kvHeads, headDim: width, window, mask } = params as Record<string, number>;
  const backend = referenceBackend();
  const cached = cachedHeads(backend, golden);
  const lengths = inputs.lengths as number[];
  const rows = kv.tensor(inputs.queries).dims[0]!;
  const queryPositions = Array.from(kv.tensor(inputs.queryPositions).data, Number);
  const positions = Int32Array.from({ length: rows }, (__, i) => queryPositions[i] ?? i);
  const fresh = cached.map(() => backend.kv.create({ headWidth: width!, format: "f32" }));
  const upload = (place: unknown, columns: number) =>
    backend.upload(floats([rows, columns], floatsAt(place)));
  const keys = upload(inputs.newKeys, kvHeads! * width!);
  const values = upload(inputs.newValues, kvHeads! * width!);
  backend.kv.append({ runs: fresh, keys, values, firstRow: 0, rows, positions });

  const query = upload(inputs.queries, heads! * width!);
  const parents = inputs.parents ? Int32Array.from(inputs.parents as number[]) : null;
  const call = {
    query,
    firstRow: 0,
    rows,
    headCount: heads!,
    headWidth: width!,
    source: { kind: "runs", runs: cached.map((run, g) => [run, fresh[g]!]) },
    mask: {
      kind: String(mask) as AttentionMask["kind"],
      positions,
      ...(window ? { window } : {}),
      ...(parents ? { parents } : {}),
    },
    scale: 1 / Math.sqrt(width!),
  } as const;
  const out = backend.empty([rows, heads! * width!]);
  const logSumExp = backend.empty([heads!, rows]);
  backend.attention(call, { out, logSumExp });
  const columns = Math.max(...lengths) + rows;
  const columnSum = backend.empty([heads!, columns]);
  backend.attentionTap(call, { want: "columnSum", out: columnSum });

  expect(largestDifference(out.data as Float32Array, floatsAt(wanted.output))).toBeLessThanOrEqual(
    tolerance.output!,
  );
  const byRow = Float32Array.from({ length: rows * heads! }, (__, i) =>
    Number(logSumExp.data[(i % heads!) * rows + Math.floor(i / heads!)]!),
  );
  expect(largestDifference(byRow, floatsAt(wanted.lse))).toBeLessThanOrEqual(tolerance.lse!);
  const group = heads! / kvHeads!;
  const mass = lengths.flatMap((length, g) =>
    Array.from({ length }, (__, t) => {
      let sum = 0;
      for (let h = g * group; h < (g + 1) * group; h++) {
        sum += Number(columnSum.data[h * columns + t]!);
      }
      return sum;
    }),
  );
  expect(largestDifference(mass, floatsAt(wanted.columnMass))).toBeLessThanOrEqual(
    tolerance.columnMass!,
  );

  for (const run of [...cached, ...fresh]) run.dispose();
  for (const t of [keys, values, query, out, logSumExp, columnSum]) t.dispose();
  expect(backend.report().allocatedBytes).toBe(0);
});
