import { FrugalError, identityRows, ropeAngles, ropeFrequencies } from "@frugal/tensor";
import fc from "fast-check";
import { expect, test } from "vitest";
import { codeOf } from "../../test/code-of.js";
import { filled, plainLayout } from "../../test/filled.js";
import { decodeFrame, encodeFrame } from "./frame.js";
import { loadCache } from "./load.js";

const layout = plainLayout(2, 2);
const table = ropeFrequencies({ theta: 100, headWidth: 4 });
const rope = { angles: (_: number, deltas: Int32Array) => ropeAngles(table, deltas) };

async function saved() {
  const { cache, backend, grow } = filled(40, { layout, rope });
  cache.protect({ sinks: 2, recent: 3 });
  cache.pin(5, 9);
  const whole = identityRows(40);
  const positions = cache.positions(1, 0).slice();
  const logWeights = Float32Array.from({ length: 40 }, (_, i) => (i === 3 ? 0.5 : 0));
  cache.apply(1, [{ keysFrom: whole, valuesFrom: whole, positions, logWeights }, null], {
    positions: "original",
  });
  const codec = { keys: "int8", values: "int8" };
  cache.apply(
    0,
    [null, { keysFrom: whole, valuesFrom: whole, positions, logWeights: null, codec }],
    {
      positions: "original",
    },
  );
  grow(2);
  return { cache, backend, bytes: await cache.save() };
}

test("gives back tokens, slots, spans, and the same bytes when saved again", async () => {
  const { cache, backend, bytes } = await saved();
  const loaded = loadCache(bytes, { backend, layout, rope });
  expect([...loaded.tokens]).toEqual([...cache.tokens]);
  for (const layer of [0, 1]) {
    expect(loaded.nextPosition(layer)).toBe(cache.nextPosition(layer));
    for (const head of [0, 1]) {
      expect([...loaded.positions(layer, head)]).toEqual([...cache.positions(layer, head)]);
      expect([...loaded.origins(layer, head)]).toEqual([...cache.origins(layer, head)]);
      expect(loaded.logWeights(layer, head)).toEqual(cache.logWeights(layer, head));
      const formats = (runs: typeof cache) => runs.runs(layer)[head]!.map((run) => run.format);
      expect(formats(loaded)).toEqual(formats(cache));
      const [was, is] = [await cache.keys(layer, head), await loaded.keys(layer, head)];
      is.data.forEach((x, i) => {
        expect(Math.abs(x - was.data[i]!)).toBeLessThanOrEqual(1e-6);
      });
    }
  }
  for (let slot = 0; slot < 42; slot++) {
    expect(loaded.isProtected(0, 0, slot)).toBe(cache.isProtected(0, 0, slot));
  }
  expect(await loaded.save()).toEqual(
    await loadCache(await loaded.save(), { backend, layout }).save(),
  );
});

test("a cache that moves on while it is saved is saved as it was", async () => {
  const { cache, backend, grow } = filled(8, { layout });
  const before = await cache.save();
  const saving = cache.save();
  grow(3);
  cache.truncate(2);
  cache.dispose();
  expect(await saving).toEqual(before);
  loadCache(before, { backend, layout }).dispose();
  expect(backend.kv.byteLength()).toBe(0);
});

test("no changed or missing byte passes, and none leaves pages behind", async () => {
  const { cache, backend, bytes } = await saved();
  cache.dispose();
  const place = fc.nat(bytes.length - 1);
  const refuses = (wrong: Uint8Array) => {
    try {
      loadCache(wrong, { backend, layout });
    } catch (error) {
      return FrugalError.is(error, "FormatError") && backend.kv.byteLength() === 0;
    }
    return false;
  };
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 255 }), (at, change) => {
      const wrong = bytes.slice();
      wrong[at]! ^= change;
      return refuses(wrong) && refuses(bytes.subarray(0, at));
    }),
    { numRuns: 200 },
  );
});

test("a header that lies is refused, though its checksum is right", async () => {
  const { cache, backend, bytes } = await saved();
  cache.dispose();
  const { header } = decodeFrame(bytes);
  const at = new DataView(bytes.buffer).getUint32(12, true) + 24;
  const body = new Int32Array(bytes.slice(at).buffer);
  const refused = async (change: (header: never) => unknown, ints = body) => {
    const copy = structuredClone(header) as never;
    change(copy);
    const code = await codeOf(() => loadCache(encodeFrame(copy, [ints]), { backend, layout }));
    return code === "FormatError" && backend.kv.byteLength() === 0;
  };
  interface Header {
    tokenCount: number;
    sinks: unknown;
    pins: unknown;
    layers: {
      kvHeadCount: number;
      headWidth: number;
      afterCount: number;
      heads: { length: unknown; format: string }[][];
    }[];
  }
  const lies: ((header: Header) => unknown)[] = [
    (h) => h.tokenCount++,
    (h) => {
      h.tokenCount = 2 ** 40;
    },
    (h) => {
      h.sinks = "2";
    },
    (h) => {
      h.pins = [[9, 5]];
    },
    (h) => {
      h.pins = [[5, 99]];
    },
    (h) => {
      h.layers = [];
    },
    (h) => h.layers.pop(),
    (h) => h.layers[0]!.headWidth++,
    (h) => h.layers[0]!.kvHeadCount++,
    (h) => h.layers[0]!.heads.pop(),
    (h) => {
      h.layers[0]!.afterCount = 99;
    },
    (h) => {
      h.layers[0]!.heads[0]![0]!.length = -1;
    },
    (h) => {
      h.layers[0]!.heads[0]![0]!.length = 2 ** 30;
    },
    (h) => {
      h.layers[0]!.heads[0]![0]!.format = "int3";
    },
    (h) => {
      (h as { layers: unknown }).layers = null;
    },
  ];
  for (const lie of lies) expect(await refused(lie as never), lie.toString()).toBe(true);
  expect(await refused(() => {}, body.subarray(1))).toBe(true);
  const origins = body.slice();
  origins[42 + 42] = 4000; // the first origin of layer 0, head 0: no such token
  expect(await refused(() => {}, origins)).toBe(true);
});

test("a body that ends anywhere is refused and leaves no tensor behind", async () => {
  const { cache, backend, bytes } = await saved();
  cache.dispose();
  const { header } = decodeFrame(bytes);
  const at = new DataView(bytes.buffer).getUint32(12, true) + 24;
  const body = new Int32Array(bytes.slice(at).buffer);
  const before = backend.report().allocatedBytes;
  for (let length = 0; length < body.length; length += 7) {
    const wrong = encodeFrame(header, [body.subarray(0, length)]);
    expect(await codeOf(() => loadCache(wrong, { backend, layout }))).toBe("FormatError");
    expect(backend.report().allocatedBytes).toBe(before);
  }
});

test("another layout, another thing", async () => {
  const { backend, bytes } = await saved();
  for (const other of [plainLayout(3, 2), plainLayout(2, 1), plainLayout(2, 2, 8)]) {
    expect(await codeOf(() => loadCache(bytes, { backend, layout: other }))).toBe("FormatError");
  }
  expect(await codeOf(() => loadCache(new Uint8Array(0), { backend, layout }))).toBe("FormatError");
  expect(await codeOf(() => loadCache("x" as never, { backend, layout }))).toBe("ArgumentError");
});
