import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scene } from "@frugal/reference-models";
import { decodePicture } from "@frugal/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";

interface Served {
  readonly url: string;
  close(): Promise<void>;
}

interface Report {
  test(name: string, act: () => Promise<void>): Promise<boolean>;
  record(name: string, ms: number, problem?: string): void;
  finish(): number;
}

const load = (name: string) => import(new URL(`../harness/${name}.mjs`, import.meta.url).href);
const { encodePng } = (await load("png")) as {
  encodePng(pixels: Uint8Array, width: number, height: number): Uint8Array;
};
const { serve } = (await load("server")) as {
  serve(mounts: readonly (readonly [string, string])[]): Promise<Served>;
};
const { createReport } = (await load("report")) as {
  createReport(write: (line: string) => void): Report;
};

let folder: string;
let served: Served;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "frugal-served-"));
  await writeFile(join(folder, "index.html"), "<p>index");
  await writeFile(join(folder, "a.wasm"), new Uint8Array(5));
  served = await serve([
    ["/deep/", folder],
    ["/", folder],
  ]);
});

afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true });
});

/** Sends the path as it stands; `fetch` would tidy it first. */
function raw(path: string, method = "GET"): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(served.url);
    request({ host: "127.0.0.1", port, path, method }, (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    })
      .on("error", reject)
      .end();
  });
}

test("files come with their type and length, isolated", async () => {
  const answer = await fetch(`${served.url}deep/a.wasm`);
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/wasm",
    "content-length": "5",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
  });
  expect((await answer.arrayBuffer()).byteLength).toBe(5);
});

test("a folder's URL gives its index; HEAD gives no body", async () => {
  expect(await raw("/")).toEqual({ status: 200, body: "<p>index" });
  expect(await raw("/?model=x")).toEqual({ status: 200, body: "<p>index" });
  expect(await raw("/index.html", "HEAD")).toEqual({ status: 200, body: "" });
});

test.each([
  ["/none.html", "GET", 404],
  ["/..%2f..%2fetc/hosts", "GET", 404],
  ["/%2e%2e/%2e%2e/etc/hosts", "GET", 404],
  ["/deep/..%2f..%2f..%2f..%2fetc%2fhosts", "GET", 404],
  ["/%00", "GET", 404],
  ["/%zz", "GET", 404],
  ["/index.html", "POST", 405],
])("%s %s is refused with %i", async (path, method, status) => {
  expect((await raw(path, method)).status).toBe(status);
});

test("a picture written as a PNG decodes to the same pixels", async () => {
  const { pixels } = scene(3);
  const picture = await decodePicture(encodePng(pixels, 64, 64));
  expect([picture.width, picture.height]).toEqual([64, 64]);
  expect([...picture.data]).toEqual([...pixels]);
});

test("the report counts, goes on after a failure and ends with the line that is read", async () => {
  const lines: string[] = [];
  const report = createReport((line) => lines.push(line));
  expect(await report.test("good", async () => {})).toBe(true);
  expect(await report.test("bad", () => Promise.reject(new Error("because")))).toBe(false);
  report.record("a rule", 1500);
  expect(report.finish()).toBe(1);
  expect(lines.at(-1)).toBe("2 passed, 1 failed");
  expect(lines.join("\n")).toMatch(/FAIL .* bad\n.*because/);
  expect(lines).toContain("ok     1.50 s  a rule");
});

test("a report without a failure ends with status 0", () => {
  const report = createReport(() => {});
  report.record("a rule", 0);
  expect(report.finish()).toBe(0);
});
