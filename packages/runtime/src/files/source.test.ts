import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ArgumentError, SourceError } from "@frugal/tensor/errors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { counting, fakeServer } from "../../test/fake-server.js";
import { type FileProgress, openSource, type Source } from "./source.js";

const bytes = counting(300);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frugal-source-"));
  await mkdir(join(folder, "deep"));
  await writeFile(join(folder, "a.bin"), bytes);
  await writeFile(join(folder, "deep/b.bin"), bytes.subarray(0, 3));
});
afterAll(() => rm(folder, { recursive: true }));

const picked = (path: string, content: Uint8Array): File => {
  const file = new File([content as Uint8Array<ArrayBuffer>], path.split("/").at(-1) as string);
  Object.defineProperty(file, "webkitRelativePath", { value: path });
  return file;
};

const kinds: Record<string, (options?: object) => Promise<Source>> = {
  "a directory": (options) => openSource(folder, options),
  "a file: URL": (options) => openSource(pathToFileURL(folder), options),
  "a file: URL as text": (options) => openSource(`${pathToFileURL(folder)}/`, options),
  "a map": (options) =>
    openSource(
      new Map([
        ["a.bin", bytes],
        ["deep/b.bin", bytes.subarray(0, 3)],
      ]),
      options,
    ),
  "picked files": (options) =>
    openSource([picked("m/a.bin", bytes), picked("m/deep/b.bin", bytes.subarray(0, 3))], options),
};

for (const [kind, open] of Object.entries(kinds)) {
  describe(kind, () => {
    test("says what is there and reads it", async () => {
      const source = await open();
      expect(await source.has("a.bin")).toBe(true);
      expect(await source.has("deep/b.bin")).toBe(true);
      expect(await source.has("deep")).toBe(false);
      expect(await source.has("c.bin")).toBe(false);
      expect(await source.read("a.bin")).toEqual(bytes);
      expect(await source.read("deep/b.bin")).toEqual(bytes.slice(0, 3));
      expect(source.name).not.toBe("");
    });

    test("reads ranges and cuts them at the end", async () => {
      const source = await open();
      const read = (start: number, end: number) => source.read("a.bin", { range: { start, end } });
      expect(await read(10, 20)).toEqual(bytes.slice(10, 20));
      expect(await read(290, 999)).toEqual(bytes.slice(290));
      expect(await read(400, 999)).toHaveLength(0);
      await expect(read(20, 10)).rejects.toThrow(ArgumentError);
      await expect(read(0.5, 10)).rejects.toThrow(ArgumentError);
    });

    test("refuses paths that leave it, and files that are absent", async () => {
      const source = await open();
      for (const path of ["../a.bin", "/a.bin", "deep/../../x", "", "a//b", "a\\b", "a\0", "c:x"]) {
        await expect(source.read(path)).rejects.toThrow(ArgumentError);
        await expect(source.has(path)).rejects.toThrow(ArgumentError);
      }
      await expect(source.read("c.bin")).rejects.toThrow(SourceError);
    });

    test("reports progress and rejects with the signal's reason", async () => {
      const seen: FileProgress[] = [];
      const controller = new AbortController();
      const source = await open({
        signal: controller.signal,
        onProgress: (progress: FileProgress) => seen.push(progress),
      });
      await source.read("a.bin");
      expect(seen.at(-1)).toEqual({ file: "a.bin", loadedBytes: 300, totalBytes: 300 });
      const reason = new Error("enough");
      controller.abort(reason);
      await expect(source.read("a.bin")).rejects.toBe(reason);
      await expect(source.has("a.bin")).rejects.toBe(reason);
    });
  });
}

describe("openSource", () => {
  test("refuses what is no source", async () => {
    const bad = [3, null, {}, ["a"], new Map([["a", "text"]]), new URL("ftp://host/x")];
    for (const source of bad) {
      await expect(openSource(source as never)).rejects.toThrow(ArgumentError);
    }
    await expect(openSource(join(folder, "none"))).rejects.toThrow(/no such directory/);
  });

  test("takes owner/name as a repository only where no such directory is", async () => {
    const server = fakeServer({}, { status: 401 });
    await expect(openSource("no-such/folder", { fetch: server.fetch })).rejects.toMatchObject({
      code: "SourceError",
      status: 401,
    });
    expect(server.asked[0]).toContain("/api/models/no-such/folder/revision/main");
    expect((await openSource("packages/runtime")).name).toBe("packages/runtime");
  });
});
