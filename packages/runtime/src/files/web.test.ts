import { FrugalError, type SourceError } from "@frugal/tensor/errors";
import { describe, expect, test } from "vitest";
import { counting, type FakeOptions, fakeServer } from "../../test/fake-server.js";
import { MAX_RETRIES } from "./download.js";
import { type FileProgress, openSource, type Source } from "./source.js";

const BASE = "https://models.example/scenes";
const bytes = counting(1000);

async function opened(
  options: FakeOptions = {},
  more: Parameters<typeof openSource>[1] = {},
): Promise<{ source: Source; asked: string[] }> {
  const server = fakeServer(
    { [`${BASE}/a.bin`]: bytes, [`${BASE}/dir/b%20c.json`]: "{}" },
    options,
  );
  const source = await openSource(`${BASE}/`, { fetch: server.fetch, ...more });
  return { source, asked: server.asked };
}

async function failure(reading: Promise<unknown>): Promise<SourceError> {
  const error = await reading.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!FrugalError.is(error)) throw error;
  return error as SourceError;
}

describe("a base URL", () => {
  test("reads files, with and without a slash at its end, names escaped", async () => {
    const { source, asked } = await opened();
    expect(await source.read("a.bin")).toEqual(bytes);
    expect(new TextDecoder().decode(await source.read("dir/b c.json"))).toBe("{}");
    expect(asked).toEqual([`GET ${BASE}/a.bin`, `GET ${BASE}/dir/b%20c.json`]);
    expect(source.name).toBe(`${BASE}/`);
  });

  test("keeps the query of the base", async () => {
    const server = fakeServer({ [`${BASE}/a.bin?key=1`]: bytes });
    const source = await openSource(new URL(`${BASE}?key=1`), { fetch: server.fetch });
    expect(await source.read("a.bin")).toEqual(bytes);
  });

  test("knows what is there, also from servers without HEAD and behind fallback pages", async () => {
    const { source } = await opened();
    expect([await source.has("a.bin"), await source.has("b.bin")]).toEqual([true, false]);
    const { source: noHead, asked } = await opened({ headStatus: 405 });
    expect([await noHead.has("a.bin"), await noHead.has("b.bin")]).toEqual([true, false]);
    expect(asked[1]).toBe(`GET ${BASE}/a.bin bytes=0-0`);
    const { source: pages } = await opened({ page: "<html>" });
    expect(await pages.has("b.bin")).toBe(false);
  });

  test("reads ranges, whether or not the server does", async () => {
    for (const options of [{}, { ignoresRanges: true }, { hidesContentRange: true }]) {
      const { source } = await opened(options);
      const part = await source.read("a.bin", { range: { start: 200, end: 700 } });
      expect(part).toEqual(bytes.slice(200, 700));
      const end = await source.read("a.bin", { range: { start: 990, end: 5000 } });
      expect(end).toEqual(bytes.slice(990));
    }
  });

  test("tells an HTTP error by its status", async () => {
    for (const status of [403, 500]) {
      const { source } = await opened({ status });
      expect(await failure(source.read("a.bin"))).toMatchObject({ code: "SourceError", status });
      expect(await failure(source.has("a.bin"))).toMatchObject({ code: "SourceError", status });
    }
    const { source } = await opened();
    const missing = await failure(source.read("b.bin"));
    expect(missing).toMatchObject({ status: 404, url: `${BASE}/b.bin` });
  });

  test("goes on where the connection broke", async () => {
    const { source, asked } = await opened({ breaks: [100, 0, 250] });
    expect(await source.read("a.bin")).toEqual(bytes);
    expect(asked.slice(1)).toEqual([
      `GET ${BASE}/a.bin bytes=100-`,
      `GET ${BASE}/a.bin bytes=100-`,
      `GET ${BASE}/a.bin bytes=350-`,
    ]);
  });

  test("begins anew where the server sends the whole file again", async () => {
    const { source } = await opened({ breaks: [100], ignoresRanges: true });
    expect(await source.read("a.bin")).toEqual(bytes);
  });

  test("gives up after MAX_RETRIES connections without a byte", async () => {
    const { source, asked } = await opened({ breaks: [10, ...Array(20).fill(0)] });
    const error = await failure(source.read("a.bin"));
    expect(error).toMatchObject({ code: "SourceError", status: 0 });
    expect(error.message).toContain("at byte 10");
    expect(asked).toHaveLength(1 + MAX_RETRIES + 1);
  });

  test("reports progress, with the length where it is known", async () => {
    for (const [sendsLength, totalBytes] of [
      [true, 1000],
      [false, undefined],
    ] as const) {
      const seen: FileProgress[] = [];
      const { source } = await opened({ sendsLength }, { onProgress: (p) => seen.push(p) });
      await source.read("a.bin");
      expect(seen).toEqual([
        { file: "a.bin", loadedBytes: 500, totalBytes },
        { file: "a.bin", loadedBytes: 1000, totalBytes },
      ]);
    }
  });

  test("rejects with the signal's reason, before and during a read", async () => {
    const reason = new Error("enough");
    await expect(opened({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const onProgress = () => controller.abort(reason);
    const { source } = await opened({ breaks: [100] }, { signal: controller.signal, onProgress });
    await expect(source.read("a.bin")).rejects.toBe(reason);
    await expect(source.has("a.bin")).rejects.toBe(reason);
  });
});
