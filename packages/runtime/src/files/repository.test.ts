import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FormatError, FrugalError } from "@frugal/tensor/errors";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { counting, type FakeOptions, fakeServer } from "../../test/fake-server.js";
import { repositoryOf, repositorySource } from "./repository.js";
import { openSource, type SourceOptions } from "./source.js";
import { cacheStore, diskStore, PART_BYTES } from "./store.js";

const HOST = "https://huggingface.co";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const weights = counting(PART_BYTES + 1000);
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const listing = (sha256 = hashOf(weights)): string =>
  JSON.stringify({
    sha: COMMIT,
    siblings: [
      { rfilename: "config.json", size: 2, blobId: "x" },
      {
        rfilename: "model.safetensors",
        size: weights.length,
        lfs: { sha256, size: weights.length },
      },
    ],
  });

const filesOf = (list: string, revision = "main") => ({
  [`${HOST}/api/models/owner/name/revision/${revision}?blobs=true`]: list,
  [`${HOST}/owner/name/resolve/${COMMIT}/config.json`]: "{}",
  [`${HOST}/owner/name/resolve/${COMMIT}/model.safetensors`]: weights,
});

const hub = (options: FakeOptions = {}, list = listing(), revision = "main") =>
  fakeServer(filesOf(list, revision), options);

let cacheDirectory: string;
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), "frugal-hub-"));
});
afterEach(() => rm(cacheDirectory, { recursive: true }));

const open = (server: ReturnType<typeof fakeServer>, more: SourceOptions = {}, id = "owner/name") =>
  openSource(id, { fetch: server.fetch, cacheDirectory, ...more });

describe("a repository", () => {
  test("reads files of one commit by ranges and keeps their parts", async () => {
    const server = hub();
    const source = await open(server);
    expect(source).toMatchObject({
      name: "owner/name@0123456789ab",
      commit: COMMIT,
      keeps: "disk",
    });
    expect([await source.has("config.json"), await source.has("x.json")]).toEqual([true, false]);
    expect(new TextDecoder().decode(await source.read("config.json"))).toBe("{}");
    expect(hashOf(await source.read("model.safetensors"))).toBe(hashOf(weights));
    const model = `GET ${HOST}/owner/name/resolve/${COMMIT}/model.safetensors`;
    expect(server.asked.slice(2)).toEqual([
      `${model} bytes=0-${PART_BYTES - 1}`,
      `${model} bytes=${PART_BYTES}-${weights.length - 1}`,
    ]);

    const again = hub();
    const second = await open(again);
    expect(hashOf(await second.read("model.safetensors"))).toBe(hashOf(weights));
    expect(again.asked).toHaveLength(1);
  });

  test("goes on in the next session with the parts that came", async () => {
    const server = hub({ breaks: [null, null, ...Array(9).fill(0)] });
    await expect((await open(server)).read("model.safetensors")).rejects.toThrow(
      /connection broke/,
    );
    const next = hub();
    expect(hashOf(await (await open(next)).read("model.safetensors"))).toBe(hashOf(weights));
    expect(next.asked.slice(1)).toEqual([expect.stringContaining(`bytes=${PART_BYTES}-`)]);
  });

  test("refuses a file with another SHA-256 and forgets its parts", async () => {
    const source = await open(hub({}, listing("0".repeat(64))));
    const error = await source.read("model.safetensors").catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FormatError);
    expect((error as Error).message).toContain(`SHA-256 is ${hashOf(weights)}`);
    expect(await readdir(join(cacheDirectory, "sha256"))).toEqual([]);
  });

  test("needs no network for a commit whose list and files are kept", async () => {
    const pinned = `owner/name@${COMMIT}`;
    await (await open(hub({}, listing(), COMMIT), {}, pinned)).read("config.json");
    const offline = fakeServer({}, { status: 503 });
    const source = await open(offline, {}, pinned);
    expect(await source.read("config.json")).toHaveLength(2);
    expect(offline.asked).toEqual([]);
  });

  test("tells the status of a repository or file that is not there", async () => {
    await expect(open(fakeServer({}))).rejects.toMatchObject({ code: "SourceError", status: 404 });
    await expect((await open(hub())).read("x.json")).rejects.toMatchObject({ status: 404 });
  });

  test("reports progress over all parts and rejects with the signal's reason", async () => {
    const seen: number[] = [];
    const controller = new AbortController();
    const reason = new Error("enough");
    const source = await open(hub(), {
      signal: controller.signal,
      onProgress: ({ loadedBytes, totalBytes }) => {
        expect(totalBytes).toBe(weights.length);
        seen.push(loadedBytes);
        if (loadedBytes > PART_BYTES) controller.abort(reason);
      },
    });
    await expect(source.read("model.safetensors")).rejects.toBe(reason);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen).toContain(PART_BYTES);
  });

  test.each([
    ["no JSON", "<html>"],
    ["no commit", '{"sha":"main","siblings":[]}'],
    ["no list", `{"sha":"${COMMIT}"}`],
    ["no size", `{"sha":"${COMMIT}","siblings":[{"rfilename":"a"}]}`],
    ["no hash", `{"sha":"${COMMIT}","siblings":[{"rfilename":"a","size":1,"lfs":{"sha256":"x"}}]}`],
  ])("refuses a list with %s", async (_, list) => {
    const error = await open(hub({}, list)).catch((e: unknown) => e);
    expect(FrugalError.is(error, "FormatError")).toBe(true);
  });

  test("keeps parts in the Cache API where there is one", async () => {
    const entries = new Map<string, Response>();
    const cache = {
      match: async (url: string) => entries.get(url)?.clone(),
      put: async (url: string, response: Response) => void entries.set(url, response),
      delete: async (url: string) => entries.delete(url),
    } as unknown as Cache;
    const repository = { id: "owner/name", revision: "main" };
    const first = await repositorySource(repository, { fetch: hub().fetch }, cacheStore(cache));
    await first.read("config.json");
    const server = hub();
    const second = await repositorySource(repository, server, cacheStore(cache));
    expect(await second.read("config.json")).toHaveLength(2);
    expect([second.keeps, server.asked.length]).toEqual(["cache api", 1]);
  });

  test("says so where a part cannot be kept", async () => {
    const store = await diskStore("/dev/null/cache");
    await expect(store.put("a/b", weights.subarray(0, 1))).rejects.toThrow(/could not be kept/);
  });
});

test("repositoryOf takes owner/name with a revision and nothing else", () => {
  expect(repositoryOf("owner/name")).toEqual({ id: "owner/name", revision: "main" });
  expect(repositoryOf("o/n.v-1@refs/pr/3")).toEqual({ id: "o/n.v-1", revision: "refs/pr/3" });
  for (const text of ["name", "./a", "../a", "a/b/c", "/a/b", "a/b/", "a b/c", "a/../b", ""]) {
    expect(repositoryOf(text)).toBeUndefined();
  }
});
