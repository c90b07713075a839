/**
 * Keeps parts of downloaded files between sessions: on disk in Node, in the Cache API in a page.
 *
 * Units    a part is at most PART_BYTES of a file; keys are paths of plain names
 * State    entries are never changed, only added and dropped; an interrupted write leaves none behind
 * Differs  where a page has no Cache API (http without TLS) nothing is kept, and `kind` says so
 * Errors   SourceError where a part cannot be kept: disk full, quota, no permission
 */
import { SourceError } from "@frugal/tensor/errors";

export interface PartStore {
  readonly kind: "disk" | "cache api" | "nothing";
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, bytes: Uint8Array): Promise<void>;
  drop(key: string): Promise<void>;
}

/** Small enough to lose little when a session ends, large enough that one request a part costs nothing. */
export const PART_BYTES = 16 * 2 ** 20;
const NOT_KEPT = "a downloaded part could not be kept";
const CACHE_NAME = "frugal-files-v1";

export async function openStore(directory: string | undefined): Promise<PartStore> {
  if (typeof process !== "undefined" && process.versions?.node) return diskStore(directory);
  return typeof caches === "undefined" ? noStore : cacheStore(await caches.open(CACHE_NAME));
}

export async function diskStore(directory: string | undefined): Promise<PartStore> {
  const [{ mkdir, readFile, rename, rm, writeFile }, { homedir }, { dirname, join }] =
    await Promise.all([import("node:fs/promises"), import("node:os"), import("node:path")]);
  const home = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = directory ?? join(home, "frugal");
  return {
    kind: "disk",
    async get(key) {
      const found = await readFile(join(folder, key)).catch(() => undefined);
      return found && new Uint8Array(found.buffer, found.byteOffset, found.byteLength);
    },
    async put(key, bytes) {
      const path = join(folder, key);
      const unfinished = `${path}.${crypto.randomUUID()}.partial`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(unfinished, bytes);
        await rename(unfinished, path);
      } catch (cause) {
        await rm(unfinished, { force: true }).catch(() => {});
        throw new SourceError("openSource", path, 0, NOT_KEPT, cause);
      }
    },
    drop: (key) => rm(join(folder, key), { force: true }),
  };
}

/** Keys become URLs that nobody fetches: the Cache API takes nothing else. */
export function cacheStore(cache: Cache): PartStore {
  const urlOf = (key: string): string => `https://frugal.invalid/${encodeURI(key)}`;
  return {
    kind: "cache api",
    async get(key) {
      const found = await cache.match(urlOf(key));
      return found && new Uint8Array(await found.arrayBuffer());
    },
    async put(key, bytes) {
      try {
        await cache.put(urlOf(key), new Response(bytes as Uint8Array<ArrayBuffer>));
      } catch (cause) {
        throw new SourceError("openSource", key, 0, NOT_KEPT, cause);
      }
    },
    async drop(key) {
      await cache.delete(urlOf(key));
    },
  };
}

const noStore: PartStore = {
  kind: "nothing",
  get: async () => undefined,
  put: async () => {},
  drop: async () => {},
};
