/** Attention over caches whose heads differ in length, and the mass that each cached slot draws. */
import { type AttentionMask, type Backend, floats, identityRows, type KvRun } from "@frugal/tensor";
import {
  type Context,
  float32Of,
  type GoldenCase,
  type GoldenValue,
  numberOf,
  numbersOf,
} from "../types.js";

export async function raggedAttention(
  { params, inputs }: GoldenCase,
  { backend }: Context,
): Promise<Record<string, unknown>> {
  const [heads, kvHeads, width] = [params.heads, params.kvHeads, params.headDim].map(numberOf) as [
    number,
    number,
    number,
  ];
  const query = float32Of(inputs.queries);
  const rows = query.length / (heads * width);
  const lengths = numbersOf(inputs.lengths);
  const cached = cachedRuns(backend, inputs, lengths, width);
  const own = Array.from({ length: kvHeads }, () =>
    backend.kv.create({ headWidth: width, format: "f32" }),
  );
  // The stored list may be longer or shorter than this case's rows.
  const stored = numbersOf(inputs.queryPositions);
  const positions = Int32Array.from({ length: rows }, (_, i) => stored[i] ?? i);
  const uploaded = [inputs.newKeys, inputs.newValues].map((value) =>
    backend.upload(floats([rows, kvHeads * width], float32Of(value))),
  );
  const [keys, values] = uploaded as [(typeof uploaded)[0], (typeof uploaded)[0]];
  backend.kv.append({ runs: own, keys, values, firstRow: 0, rows, positions });

  const columns = Math.max(...lengths) + rows;
  const call = {
    query: backend.upload(floats([rows, heads * width], query)),
    firstRow: 0,
    rows,
    headCount: heads,
    headWidth: width,
    source: { kind: "runs", runs: cached.map((run, g) => [run, own[g] as KvRun]) },
    mask: maskOf(params, inputs, positions),
    scale: 1 / Math.sqrt(width),
  } as const;
  const out = backend.empty([rows, heads * width]);
  const logSumExp = backend.empty([heads, rows]);
  const columnSum = backend.empty([heads, columns]);
  backend.attention(call, { out, logSumExp });
  backend.attentionTap(call, { want: "columnSum", out: columnSum });
  const [output, lse, mass] = await Promise.all(
    [out, logSumExp, columnSum].map((t) => backend.read(t)),
  );
  for (const tensor of [...uploaded, call.query, out, logSumExp, columnSum]) tensor.dispose();
  for (const run of [...cached, ...own]) run.dispose();
  return {
    output,
    lse: Array.from(
      { length: rows * heads },
      (_, i) => lse?.[(i % heads) * rows + Math.floor(i / heads)],
    ),
    columnMass: groupMass(mass as Float32Array, lengths, heads / kvHeads, columns),
  };
}

/** One weighted run a kv head. */
function cachedRuns(
  backend: Backend,
  inputs: GoldenCase["inputs"],
  lengths: readonly number[],
  width: number,
): KvRun[] {
  const part = (value: GoldenValue | undefined, from: number, to: number) =>
    float32Of(value).subarray(from, to);
  const places = Int32Array.from(numbersOf(inputs.positions));
  let first = 0;
  return lengths.map((length) => {
    const [from, to] = [first, first + length];
    first = to;
    const [keys, values] = [inputs.keys, inputs.values].map((value) =>
      backend.upload(floats([length, width], part(value, from * width, to * width))),
    ) as [ReturnType<Backend["upload"]>, ReturnType<Backend["upload"]>];
    const positions = places.subarray(from, to);
    const plain = backend.kv.create({ headWidth: width, format: "f32" });
    backend.kv.append({ runs: [plain], keys, values, firstRow: 0, rows: length, positions });
    const same = identityRows(length);
    const logWeights = part(inputs.logWeight, from, to);
    const plan = { keysFrom: same, valuesFrom: same, positions, logWeights };
    const run = backend.kv.gather([plain], plan, "f32");
    for (const held of [plain, keys, values]) held.dispose();
    return run;
  });
}

function maskOf(
  params: GoldenCase["params"],
  inputs: GoldenCase["inputs"],
  positions: Int32Array,
): AttentionMask {
  const window = numberOf(params.window);
  const limits = { positions, ...(window > 0 ? { window } : {}) };
  if (params.mask !== "tree") return { kind: "causal", ...limits };
  return { kind: "tree", parents: Int32Array.from(numbersOf(inputs.parents)), ...limits };
}

/** [H, columns] -> one number a cached slot, head after head: the sum over the heads of its group. */
function groupMass(
  mass: Float32Array,
  lengths: readonly number[],
  group: number,
  columns: number,
): number[] {
  return lengths.flatMap((length, g) =>
    Array.from({ length }, (_, t) => {
      let sum = 0;
      for (let h = g * group; h < (g + 1) * group; h++) sum += mass[h * columns + t] as number;
      return sum;
    }),
  );
}
