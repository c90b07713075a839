import { describe, expect, test } from "vitest";
import { type ArrayPage, arrayDriver } from "../../test/array-driver.js";
import { identityRows, keepRows } from "../sparse-rows.js";
import { floats, tensorFrom } from "../tensor.js";
import type { HeadPlan } from "../types.js";
import { pagedKv, runPages } from "./paged.js";
import type { KvFormat, KvMemory, KvRun } from "./types.js";

const WIDTH = 4;

function filled(memory: KvMemory, rows: number, format: KvFormat = "f32"): KvRun {
  const run = memory.create({ headWidth: WIDTH, format });
  extend(memory, run, rows);
  return run;
}

function extend(memory: KvMemory, run: KvRun, rows: number): void {
  const start = run.length * WIDTH;
  const keys = Float32Array.from({ length: rows * WIDTH }, (_, i) => start + i + 0.25);
  const values = keys.map((x) => -x);
  memory.append({
    runs: [run],
    keys: tensorFrom(keys, [rows, WIDTH]),
    values: tensorFrom(values, [rows, WIDTH]),
    firstRow: 0,
    rows,
    positions: Int32Array.from({ length: rows }, (_, i) => run.length + i),
  });
}

const copies = (indices: readonly number[], sourceCount: number): HeadPlan => {
  const rows = keepRows(indices, sourceCount);
  const positions = Int32Array.from(indices);
  return { keysFrom: rows, valuesFrom: rows, positions, logWeights: null };
};

describe("pages", () => {
  test("a fork costs nothing until one side writes, and then one page", () => {
    const driver = arrayDriver();
    const memory = pagedKv(driver);
    const run = filled(memory, 40);
    const page = driver.pageBytes(run);
    const fork = run.fork();
    expect(memory.byteLength()).toBe(2 * page);
    expect(fork.byteLength).toBe(2 * page);
    extend(memory, fork, 1);
    expect(memory.byteLength()).toBe(3 * page);
    expect(driver.counts.copies).toBe(8);
    extend(memory, run, 1);
    expect(memory.byteLength()).toBe(3 * page); // alone with its page again
    fork.dispose();
    expect(memory.byteLength()).toBe(2 * page);
  });

  test("a fork that appends at a page's end copies nothing", () => {
    const driver = arrayDriver();
    const memory = pagedKv(driver);
    const fork = filled(memory, 32).fork();
    extend(memory, fork, 5);
    expect(driver.counts.copies).toBe(0);
  });

  test("keeping everything touches nothing; keeping moves only behind the first gap", () => {
    const driver = arrayDriver();
    const memory = pagedKv(driver);
    const run = filled(memory, 70);
    run.keep(
      0,
      Uint32Array.from({ length: 70 }, (_, i) => i),
    );
    expect(driver.counts.copies).toBe(0);
    run.keep(60, Uint32Array.of(60, 65, 69));
    expect(driver.counts.copies).toBe(2);
    expect([...run.positions.slice(58)]).toEqual([58, 59, 60, 65, 69]);
  });

  test("a turn by nothing leaves coded keys and shared pages alone", async () => {
    const driver = arrayDriver();
    const memory = pagedKv(driver);
    const run = filled(memory, 40, "int8");
    const fork = run.fork();
    const still = Float32Array.from({ length: 40 * WIDTH }, (_, i) => (i % WIDTH < 2 ? 1 : 0));
    fork.rotate(
      still,
      Int32Array.from({ length: 40 }, (_, i) => i + 7),
    );
    expect(memory.byteLength()).toBe(2 * driver.pageBytes(run));
    expect(fork.positions[0]).toBe(7);
    expect(run.positions[0]).toBe(0);
    expect(await fork.read("key")).toEqual(await run.read("key"));
  });

  test("gathering one source of weight 1 in the same format never codes", async () => {
    const driver = arrayDriver();
    const memory = pagedKv({
      ...driver,
      encode: () => {
        throw new RangeError("coded");
      },
    });
    const run = filled(memory, 70, "int8");
    const made = memory.gather([run], copies([3, 69, 4, 5, 6, 31, 32, 33, 0], 70), "int8");
    const keys = await run.read("key");
    expect([...(await made.read("key"))]).toEqual(
      [3, 69, 4, 5, 6, 31, 32, 33, 0].flatMap((s) => [
        ...keys.subarray(s * WIDTH, s * WIDTH + WIDTH),
      ]),
    );
    expect(run.length).toBe(70);
  });

  test("gathering changes the format, mixes runs and takes keys and values from different slots", async () => {
    const memory = pagedKv(arrayDriver());
    const run = filled(memory, 3);
    const other = filled(memory, 3, "int8");
    const plan: HeadPlan = {
      keysFrom: keepRows([0, 5], 6),
      valuesFrom: keepRows([5, 0], 6),
      positions: Int32Array.of(8, 9),
      logWeights: Float32Array.of(-Infinity, 1),
    };
    const made = memory.gather([run, other], plan, "f32");
    expect([...(await made.read("key"))]).toEqual([0.25, 1.25, 2.25, 3.25, 8, 9, 10, 11]);
    expect([...(await made.read("value"))]).toEqual([-8, -9, -10, -11, -0.25, -1.25, -2.25, -3.25]);
    expect([...made.logWeights!]).toEqual([-Infinity, 1]);
    made.truncate(0);
    expect(made.logWeights).toBeNull();
  });

  test("an empty plan row is a zero vector; an empty plan an empty run", async () => {
    const memory = pagedKv(arrayDriver());
    const run = filled(memory, 2);
    const nothing = {
      rowCount: 1,
      sourceCount: 2,
      starts: Uint32Array.of(0, 0),
      sources: new Uint32Array(0),
      weights: new Float32Array(0),
    };
    const plan = {
      keysFrom: nothing,
      valuesFrom: nothing,
      positions: Int32Array.of(4),
      logWeights: null,
    };
    expect([...(await memory.gather([run], plan, "f32").read("key"))]).toEqual([0, 0, 0, 0]);
    expect(memory.gather([run], copies([], 2), "f32").length).toBe(0);
  });

  test("pages that are read later: copies work, weighted sums say what is missing", async () => {
    const driver = arrayDriver();
    const memory = pagedKv<ArrayPage>({
      ...driver,
      decode: async (...call) => void driver.decode(...call),
    });
    const run = filled(memory, 40);
    expect((await memory.gather([run], copies([39, 1], 40), "f32").read("key"))[0]).toBe(156.25);
    const rows = { ...keepRows([1], 40), weights: Float32Array.of(0.5) };
    const plan = {
      keysFrom: rows,
      valuesFrom: rows,
      positions: Int32Array.of(0),
      logWeights: null,
    };
    expect(() => memory.gather([run], plan, "f32")).toThrow(
      expect.objectContaining({ code: "CapabilityError" }),
    );
    expect(memory.byteLength()).toBe(3 * driver.pageBytes(run));
  });
});

describe("memory that runs out leaves everything as it was", () => {
  test("append", async () => {
    const driver = arrayDriver();
    const memory = pagedKv(driver);
    const [a, b] = [filled(memory, 10), filled(memory, 10)];
    const before = await a.read("key");
    driver.counts.failAfter = 3;
    const rows = tensorFrom(new Float32Array(100 * 2 * WIDTH), [100, 2 * WIDTH]);
    const positions = new Int32Array(100);
    expect(() =>
      memory.append({ runs: [a, b], keys: rows, values: rows, firstRow: 0, rows: 100, positions }),
    ).toThrow("out of memory");
    expect([a.length, b.length, driver.counts.pages]).toEqual([10, 10, 2]);
    expect(await a.read("key")).toEqual(before);
  });

  test("gather", () => {
    const driver = arrayDriver();
    const memory = pagedKv(driver);
    const run = filled(memory, 70);
    driver.counts.failAfter = 2;
    const rows = identityRows(70);
    const positions = new Int32Array(70);
    const plan = { keysFrom: rows, valuesFrom: rows, positions, logWeights: null };
    expect(() => memory.gather([run], plan, "f32")).toThrow("out of memory");
    expect(driver.counts.pages).toBe(3);
  });
});

test("views are cached until the run changes", () => {
  const memory = pagedKv(arrayDriver());
  const run = filled(memory, 3);
  const view = run.positions;
  expect(run.positions).toBe(view);
  extend(memory, run, 1);
  expect(run.positions).not.toBe(view);
});

describe("what does not fit is refused", () => {
  const memory = pagedKv(arrayDriver());
  const run = filled(memory, 5);
  const gone = filled(memory, 5);
  gone.dispose();
  const foreign = filled(pagedKv(arrayDriver()), 5);
  const rows = tensorFrom(new Float32Array(2 * WIDTH), [2, WIDTH]);
  const call = {
    runs: [run],
    keys: rows,
    values: rows,
    firstRow: 0,
    rows: 2,
    positions: new Int32Array(2),
  };
  const disposedRows = rows.retain();
  disposedRows.dispose();
  const wide = tensorFrom(new Float32Array(4 * WIDTH), [2, 2 * WIDTH]);
  const narrow = memory.create({ headWidth: 2, format: "f32" });
  const plan = copies([0], 5);

  test.each<[string, () => unknown, string]>([
    ["head width", () => memory.create({ headWidth: 0, format: "f32" }), "ArgumentError"],
    ["format", () => memory.create({ headWidth: 4, format: "f8" as never }), "ArgumentError"],
    ["append to a foreign run", () => memory.append({ ...call, runs: [foreign] }), "StateError"],
    ["append to a disposed run", () => memory.append({ ...call, runs: [gone] }), "StateError"],
    ["append twice", () => memory.append({ ...call, runs: [run, run] }), "ArgumentError"],
    ["two widths", () => memory.append({ ...call, runs: [run, narrow] }), "ShapeError"],
    ["width", () => memory.append({ ...call, keys: wide }), "ShapeError"],
    ["rows beyond the tensor", () => memory.append({ ...call, firstRow: 1 }), "ShapeError"],
    ["rows", () => memory.append({ ...call, rows: -1 }), "ArgumentError"],
    ["first row", () => memory.append({ ...call, firstRow: Number.NaN }), "ArgumentError"],
    ["positions", () => memory.append({ ...call, positions: new Int32Array(3) }), "ShapeError"],
    ["disposed rows", () => memory.append({ ...call, values: disposedRows }), "StateError"],
    [
      "type",
      () => memory.append({ ...call, values: tensorFrom(new Int32Array(8), [2, 4]) }),
      "DtypeError",
    ],
    [
      "strided rows",
      () => memory.append({ ...call, keys: wide.reshape([WIDTH, WIDTH]).permute([1, 0]) }),
      "StateError",
    ],
    ["truncate", () => run.truncate(6), "ArgumentError"],
    ["truncate", () => run.truncate(1.5), "ArgumentError"],
    ["keep first", () => run.keep(6, new Uint32Array(0)), "ArgumentError"],
    ["keep below first", () => run.keep(2, Uint32Array.of(1)), "ArgumentError"],
    ["keep descending", () => run.keep(0, Uint32Array.of(2, 1)), "ArgumentError"],
    ["keep twice", () => run.keep(0, Uint32Array.of(2, 2)), "ArgumentError"],
    ["keep beyond", () => run.keep(0, Uint32Array.of(5)), "ArgumentError"],
    ["rotate angles", () => run.rotate(new Float32Array(3), new Int32Array(5)), "ShapeError"],
    ["rotate positions", () => run.rotate(new Float32Array(20), new Int32Array(4)), "ShapeError"],
    ["gather nothing", () => memory.gather([], plan, "f32"), "ArgumentError"],
    ["gather foreign", () => memory.gather([foreign], plan, "f32"), "StateError"],
    ["gather widths", () => memory.gather([run, narrow], plan, "f32"), "ShapeError"],
    ["gather sources", () => memory.gather([run], copies([0], 6), "f32"), "ShapeError"],
    ["gather format", () => memory.gather([run], plan, "f8" as never), "ArgumentError"],
    [
      "gather rows",
      () => memory.gather([run], { ...plan, valuesFrom: keepRows([0, 1], 5) }, "f32"),
      "ShapeError",
    ],
    [
      "gather positions",
      () => memory.gather([run], { ...plan, positions: new Int32Array(2) }, "f32"),
      "ShapeError",
    ],
    [
      "gather weights",
      () => memory.gather([run], { ...plan, logWeights: new Float32Array(2) }, "f32"),
      "ShapeError",
    ],
    [
      "gather NaN",
      () => memory.gather([run], { ...plan, logWeights: Float32Array.of(Number.NaN) }, "f32"),
      "ArgumentError",
    ],
    ["disposed fork", () => gone.fork(), "StateError"],
    ["disposed truncate", () => gone.truncate(0), "StateError"],
    ["disposed keep", () => gone.keep(0, new Uint32Array(0)), "StateError"],
    ["disposed rotate", () => gone.rotate(new Float32Array(0), new Int32Array(0)), "StateError"],
    ["pages of a foreign run", () => runPages(arrayDriver(), run), "StateError"],
    ["a look-alike", () => memory.gather([{ ...floats([1]) } as never], plan, "f32"), "StateError"],
  ])("%s", (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ code }));
    expect(run.length).toBe(5);
  });

  test("reading", async () => {
    await expect(gone.read("key")).rejects.toMatchObject({ code: "StateError" });
    await expect(run.read("keys" as never)).rejects.toMatchObject({ code: "ArgumentError" });
  });
});
