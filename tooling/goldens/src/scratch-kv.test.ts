import { test } from "vitest";
import { referenceBackend } from "@frugal/tensor/reference";
import { Area } from "./cases.js";
import { runCase } from "./run-case.js";
import { ADAPTERS } from "./areas/index.js";
test("kv", { timeout: 500000 }, async () => {
  const area = new Area("/work/shared/goldens/kv");
  const backend = referenceBackend();
  const context = { backend, file: (p: string) => area.file(p) } as never;
  const tally: Record<string, number> = {};
  const seen: Record<string, number> = {};
  for (const golden of await area.raw()) {
    if (!("model" in golden.inputs) || !["identity","streaming-llm","snapkv","tova","pyramidkv","key-rerotation"].includes(golden.method)) continue;
    seen[golden.method] = (seen[golden.method] ?? 0) + 1;
    if (seen[golden.method]! > 4) continue;
    const t = performance.now();
    const v = await runCase(golden, area, ADAPTERS.kv![golden.method], context, {});
    console.log(v.id, v.kind, v.detail.slice(0, 400), Math.round(performance.now()-t));
    const kind = `${golden.method} ${v.kind}`;
    tally[kind] = (tally[kind] ?? 0) + 1;
  }
  console.log(tally, backend.kv.byteLength());
});
