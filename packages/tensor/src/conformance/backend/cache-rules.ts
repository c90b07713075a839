/** Cache pages hold what was written, share it, and give every byte back. */
import type { KvFormat, KvRun } from "../../kv/types.js";
import { BACKEND_FLOORS } from "../../ops/table.js";
import { keepRows } from "../../sparse-rows.js";
import { bitDifference, difference } from "../compare.js";
import { segment } from "./attention-case.js";
import type { Claims } from "./claims.js";
import { randomMap } from "./matrix-rules.js";
import { plainTurn } from "./plain.js";
import { angleRows } from "./row-rules.js";
import type { Trial, Twin } from "./trial.js";

const LENGTHS = [1, 31, 32, 33, 70] as const;
const WIDTHS = [2, 10, 32] as const;

export const CACHE_RULES: Claims = {
  "a run reads back what was appended, coded as the reference codes": async (t) => {
    for (const format of t.subject.kv.formats) {
      for (const width of [1, ...WIDTHS, 33]) {
        for (const length of LENGTHS) {
          t.at(`${format}, ${length} slots of ${width}`);
          const run = written(t, width, length, format);
          await sameRun(t, run);
          const second = t.integer(1, 40);
          append(t, [run], width, second);
          await sameRun(t, run);
        }
      }
    }
  },

  "appending spreads heads over their runs": async (t) => {
    const [first] = t.subject.kv.formats;
    const width = 6;
    const runs = [3, 40, 0].map((length) => written(t, width, length, first!));
    t.at("three heads of different lengths");
    append(t, runs, width, 37);
    for (const run of runs) await sameRun(t, run);
  },

  "a history of forks, cuts, moves and gathers reads as on the reference": async (t) => {
    for (const format of t.subject.kv.formats) {
      const width = 10;
      const runs = [written(t, width, 45, format)];
      for (let step = 0; step < 60; step++) {
        const run = runs[t.integer(0, runs.length - 1)]!;
        t.at(`${format}, step ${step}`);
        const made = change(t, run, width, format);
        if (made !== null) runs.push(made);
        for (const each of runs) await sameRun(t, each);
        if (runs.length > 6) {
          const [oldest] = runs.splice(0, 1);
          t.both((_, pick) => pick(oldest!).dispose());
        }
      }
    }
  },

  "rotate turns keys alone, and leaves still ones bit for bit": async (t) => {
    for (const format of t.subject.kv.formats) {
      for (const width of WIDTHS) {
        t.at(`${format}, width ${width}`);
        const length = 43;
        const run = written(t, width, length, format);
        const before = await run.truth.read("key");
        const angles = angleRows(t, length, width);
        for (let slot = 0; slot < length; slot += 3) {
          angles.fill(1, slot * width, slot * width + width / 2);
          angles.fill(0, slot * width + width / 2, (slot + 1) * width);
        }
        const positions = Int32Array.from({ length }, (_, i) => 3 * i);
        const values = await run.subject.read("value");
        t.both((_, pick) => pick(run).rotate(angles, positions));
        const [got, truth] = [await run.subject.read("key"), await run.truth.read("key")];
        const plain = before.slice();
        plainTurn(plain, angles, 1, width, length);
        for (let slot = 0; slot < length; slot++) {
          const part = (all: Float32Array) => all.subarray(slot * width, (slot + 1) * width);
          const isStill = slot % 3 === 0;
          const step = format === "f32" ? 0 : 1.01 * (Math.max(...part(truth).map(Math.abs)) / 127);
          const wrong = isStill
            ? bitDifference(part(got), part(before))
            : difference(part(got), part(truth), {
                plain: format === "f32" ? part(plain) : null,
                floor: BACKEND_FLOORS.rotate,
                slack: step,
              });
          if (wrong !== null) t.fail(`slot ${slot}: ${wrong}`);
        }
        const changed = bitDifference(await run.subject.read("value"), values);
        t.require(changed === null, `values changed ${changed}`);
        t.require(run.subject.positions[2] === 6, "positions did not move");
      }
    }
  },

  "gather mixes sources and changes formats": async (t) => {
    const { formats } = t.subject.kv;
    for (const from of formats) {
      for (const to of formats) {
        t.at(`${from} to ${to}`);
        const width = 10;
        const sources = [written(t, width, 40, from), written(t, width, 9, from)];
        const rowCount = 50;
        const map = randomMap(t, rowCount, 49);
        const positions = Int32Array.from({ length: rowCount }, (_, i) => i);
        const logWeights = t.numbers(rowCount);
        const plan = {
          keysFrom: map,
          valuesFrom: randomMap(t, rowCount, 49),
          positions,
          logWeights,
        };
        const made = t.made((backend, pick) => backend.kv.gather(sources.map(pick), plan, to));
        for (const kind of ["key", "value"] as const) {
          const [got, truth] = [await made.subject.read(kind), await made.truth.read(kind)];
          const largest = truth.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
          const slack = to === "f32" ? 0 : (1.01 * largest) / 127;
          const bound = { plain: null, floor: BACKEND_FLOORS.cacheGather, slack };
          const wrong = difference(got, truth, bound);
          if (wrong !== null) t.fail(`${kind}: ${wrong}`);
        }
        const wrong = bitDifference(made.subject.logWeights ?? [], logWeights);
        if (wrong !== null) t.fail(`log weights: ${wrong}`);
      }
    }
  },

  "shared pages count once and cost nothing until someone writes": async (t) => {
    const { kv } = t.subject;
    for (const format of kv.formats) {
      t.at(format);
      const before = kv.byteLength();
      const run = written(t, 32, 40, format).subject;
      const bytes = kv.byteLength() - before;
      t.require(bytes > 0 && bytes === run.byteLength, `${run.byteLength} of ${bytes} bytes`);
      const fork = t.own(run.fork());
      t.require(kv.byteLength() - before === bytes, "a fork took bytes");
      fork.truncate(33);
      t.require(kv.byteLength() - before === bytes, "a cut within shared pages changed the bytes");
      fork.truncate(0);
      run.truncate(32);
      t.require(kv.byteLength() - before === bytes / 2, "a page that holds no slot was kept");
      run.truncate(0);
      t.require(kv.byteLength() === before, "an empty run holds pages");
    }
    const [small, large] = ["int8", "f32"].map((format) =>
      kv.formats.includes(format as KvFormat)
        ? written(t, 32, 40, format as KvFormat).subject.byteLength
        : 0,
    );
    t.require(2 * small! < large! || small === 0, "int8 pages are not half as large");
  },
};

function written(t: Trial, width: number, length: number, format: KvFormat): Twin<KvRun> {
  const positions = Int32Array.from({ length }, (_, i) => i);
  return segment(t, width, positions, format, false);
}

function append(t: Trial, runs: readonly Twin<KvRun>[], width: number, rows: number): void {
  const columns = runs.length * width;
  const keys = t.upload([rows + 3, columns], t.numbers((rows + 3) * columns));
  const values = t.upload([rows + 3, columns], t.numbers((rows + 3) * columns));
  const positions = Int32Array.from({ length: rows }, () => t.integer(0, 1000));
  t.both((backend, pick) =>
    backend.kv.append({
      runs: runs.map(pick),
      keys: pick(keys),
      values: pick(values),
      firstRow: 2,
      rows,
      positions,
    }),
  );
}

/** One random change; returns a run that it made. */
function change(t: Trial, run: Twin<KvRun>, width: number, format: KvFormat): Twin<KvRun> | null {
  const { length } = run.truth;
  switch (t.integer(0, 5)) {
    case 0:
      append(t, [run], width, t.integer(0, 40));
      return null;
    case 1:
      return t.made((_, pick) => pick(run).fork());
    case 2: {
      const left = t.integer(Math.floor(length / 2), length);
      t.both((_, pick) => pick(run).truncate(left));
      return null;
    }
    case 3: {
      const first = t.integer(0, length);
      const kept = Uint32Array.from({ length: length - first }, (_, i) => first + i);
      const some = kept.filter(() => t.random.next() < 0.7);
      t.both((_, pick) => pick(run).keep(first, some));
      return null;
    }
    case 4: {
      // Quarter turns: no rounding, so even coded keys must agree.
      const angles = Float32Array.from({ length: length * width }, (_, i) =>
        i % width < width / 2 ? 0 : 1,
      );
      const positions = Int32Array.from(run.truth.positions, (p) => p + 1);
      t.both((_, pick) => pick(run).rotate(angles, positions));
      return null;
    }
    default: {
      const count = length === 0 ? 0 : t.integer(0, 50);
      const map = keepRows(
        Array.from({ length: count }, () => t.integer(0, length - 1)),
        length,
      );
      const positions = Int32Array.from({ length: count }, (_, i) => i);
      const plan = { keysFrom: map, valuesFrom: map, positions, logWeights: null };
      return t.made((backend, pick) => backend.kv.gather([pick(run)], plan, format));
    }
  }
}

async function sameRun(t: Trial, { subject, truth }: Twin<KvRun>): Promise<void> {
  t.require(subject.length === truth.length, `${subject.length} slots, not ${truth.length}`);
  const wrong =
    bitDifference(subject.positions, truth.positions) ??
    bitDifference(subject.logWeights ?? [], truth.logWeights ?? []) ??
    bitDifference(await subject.read("key"), await truth.read("key")) ??
    bitDifference(await subject.read("value"), await truth.read("value"));
  if (wrong !== null) t.fail(wrong);
}
