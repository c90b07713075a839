import { floats } from "@frugal/tensor";
import { referenceBackend } from "@frugal/tensor/reference";
import { expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { filled, plainLayout } from "../../test/filled.js";
import { createCache } from "./cache.js";

function tree(parents: readonly number[]) {
  const { cache, backend, grow } = filled(4, { layout: plainLayout(1, 2) });
  const rows = parents.length;
  cache.begin({
    tokens: Uint32Array.from({ length: rows }, (_, i) => 50 + i),
    parents: Int32Array.from(parents),
  });
  const keys = backend.upload(floats([rows, 8]));
  const positions = Int32Array.from(parents, (parent) => 5 + parent);
  cache.append(0, { keys, values: keys, firstRow: 0, rows, positions });
  return { cache, grow };
}

test("a tree waits for commit; the accepted path becomes the text", async () => {
  const { cache } = tree([-1, 0, 0, 2]);
  for (const refused of [
    () => cache.begin({ tokens: new Uint32Array(1) }),
    () => cache.fork(),
    () => cache.save(),
    () => cache.truncate(6),
    () => cache.apply(0, [null, null], { positions: "original" }),
  ]) {
    expect(await codeOf(refused)).toBe("StateError");
  }
  cache.commit([0, 2, 3]);
  expect([...cache.tokens]).toEqual([0, 1, 2, 3, 50, 52, 53]);
  expect([...cache.positions(0, 1)]).toEqual([0, 1, 2, 3, 4, 5, 7]);
  expect([...cache.origins(0, 1)]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(await codeOf(() => cache.commit([0]))).toBe("StateError");
});

test("a tree that nobody wants is dropped by truncating to what was before it", () => {
  const { cache, grow } = tree([-1, 0]);
  cache.truncate(4);
  expect(cache.tokenCount).toBe(4);
  expect(cache.length(0, 0)).toBe(4);
  grow(2);
  expect([...cache.positions(0, 0)]).toEqual([0, 1, 2, 3, 4, 5]);
});

test("commit takes paths only", async () => {
  for (const rows of [[], [1], [0, 3], [0, 2, 1], [0, 1, 3], [0, 9], [0, 0.5]]) {
    const { cache } = tree([-1, 0, 0, 2]);
    expect(await codeOf(() => cache.commit(rows))).toBe("ArgumentError");
    cache.commit([0, 2]);
  }
});

test("a step whose layers failed half way can be taken back", () => {
  const { cache, backend, grow } = filled(3);
  cache.begin({ tokens: Uint32Array.of(7, 8) });
  const keys = backend.upload(floats([2, 8]));
  cache.append(0, { keys, values: keys, firstRow: 0, rows: 2, positions: Int32Array.of(3, 4) });
  cache.truncate(3);
  grow(1);
  for (const layer of [0, 1]) expect([...cache.origins(layer, 1)]).toEqual([0, 1, 2, 3]);
});

test("protects sinks, the newest and pinned tokens, wherever their slots are", () => {
  const { cache } = filled(10, { layout: plainLayout(1, 1) });
  const slots = () =>
    Array.from({ length: cache.length(0, 0) }, (_, i) => i).filter((i) =>
      cache.isProtected(0, 0, i),
    );
  expect(slots()).toEqual([]);
  cache.protect({ sinks: 1, recent: 2 });
  cache.pin(4, 6);
  expect(slots()).toEqual([0, 4, 5, 8, 9]);
  expect(cache.fork().isProtected(0, 0, 4)).toBe(true);
  cache.truncate(5);
  expect(slots()).toEqual([0, 3, 4]);
  cache.protect({ sinks: 0, recent: 0 });
  expect(slots()).toEqual([4]);
});

test("runs are the same arrays from step to step, and hold every slot", () => {
  const { cache, grow } = filled(40);
  const runs = cache.runs(1);
  const head = runs[0];
  grow(3);
  cache.truncate(20);
  expect(cache.runs(1)).toBe(runs);
  expect(cache.runs(1)[0]).toBe(head);
  expect(head!.reduce((sum, run) => sum + run.length, 0)).toBe(20);
});

test("pages are real bytes, shared by forks, freed by dispose; readings are counted", async () => {
  const { cache, backend, grow } = filled(33);
  const before = backend.kv.byteLength();
  expect(cache.byteLength()).toBe(before);
  const fork = cache.fork();
  expect(backend.kv.byteLength()).toBe(before);
  grow(1, fork);
  expect(backend.kv.byteLength()).toBeGreaterThan(before);
  fork.dispose();
  expect(backend.kv.byteLength()).toBe(before);
  await cache.keys(0, 0);
  expect(cache.readBytes).toBe(33 * 4 * 4);
  cache.dispose();
  cache.dispose();
  expect(backend.kv.byteLength()).toBe(0);
  expect(await codeOf(() => cache.nextPosition(0))).toBe("StateError");
});

test("refuses what does not fit", async () => {
  const { cache, backend } = filled(2);
  const keys = backend.upload(floats([3, 8]));
  const rows = { keys, values: keys, firstRow: 0 };
  const append = (more: object) => () => cache.append(0, { ...rows, ...more } as never);
  const three = Int32Array.of(2, 3, 4);
  expect(await codeOf(() => cache.length(2, 0))).toBe("ArgumentError");
  expect(await codeOf(() => cache.length(0, 2))).toBe("ArgumentError");
  expect(await codeOf(() => cache.truncate(3))).toBe("ArgumentError");
  expect(await codeOf(() => cache.pin(1, 3))).toBe("ArgumentError");
  expect(await codeOf(() => cache.protect({ sinks: -1, recent: 0 }))).toBe("ArgumentError");
  const parents = Int32Array.of(0);
  expect(await codeOf(() => cache.begin({ tokens: Uint32Array.of(1), parents }))).toBe(
    "ArgumentError",
  );
  expect(cache.tokenCount).toBe(2);
  cache.begin({ tokens: Uint32Array.of(1, 2, 3) });
  expect(await codeOf(append({ rows: 4, positions: three }))).toBe("ArgumentError");
  expect(await codeOf(append({ rows: 3, positions: Int32Array.of(2) }))).toBe("ShapeError");
  const origins = (...list: number[]) => ({
    rows: 3,
    positions: three,
    origins: Int32Array.from(list),
  });
  expect(await codeOf(append(origins(0, 1)))).toBe("ShapeError");
  expect(await codeOf(append(origins(0, 2, 1)))).toBe("ArgumentError");
  expect(await codeOf(append(origins(0, 1, 3)))).toBe("ArgumentError");
  expect(cache.length(0, 0)).toBe(2);
});

test("refuses layouts, formats, and going back in recurrent layers", async () => {
  const backend = referenceBackend();
  const make = (layers: object[], format?: string) => () =>
    createCache({
      backend,
      layout: { model: {}, layers } as never,
      ...(format ? { format } : {}),
    } as never);
  const layer = { kind: "attention", kvHeadCount: 1, headWidth: 4 };
  expect(await codeOf(make([]))).toBe("ArgumentError");
  expect(await codeOf(make([{ ...layer, kvHeadCount: 0 }]))).toBe("ArgumentError");
  expect(await codeOf(make([{ ...layer, headWidth: 1e9 }]))).toBe("ArgumentError");
  expect(await codeOf(make([{ ...layer, kind: "conv" }]))).toBe("ArgumentError");
  expect(await codeOf(make([layer], "int3"))).toBe("CapabilityError");
  const mixed = make([{ ...layer, kind: "recurrent" }])();
  mixed.begin({ tokens: Uint32Array.of(1, 2) });
  expect(mixed.nextPosition(0)).toBe(2);
  expect(await codeOf(() => mixed.truncate(1))).toBe("CapabilityError");
  expect(await codeOf(() => mixed.commit([0]))).toBe("CapabilityError");
});
