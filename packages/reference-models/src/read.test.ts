import { afterEach, expect, test, vi } from "vitest";
import { modelDirectory, type ReferenceModelName } from "./models.js";
import { readText } from "./read.js";
import { parseItems } from "./scores.js";

afterEach(() => vi.unstubAllGlobals());

test("a file that is not there is a SourceError with its URL", async () => {
  const url = new URL("./not-there.txt", import.meta.url);
  await expect(readText(url)).rejects.toMatchObject({
    code: "SourceError",
    url: url.href,
    status: 0,
  });
});

test("elsewhere the network is asked, and its status reported", async () => {
  vi.stubGlobal("fetch", async (url: URL) =>
    url.pathname === "/held-out.txt" ? new Response("text") : new Response("", { status: 404 }),
  );
  expect(await readText(new URL("http://host.invalid/held-out.txt"))).toBe("text");
  await expect(readText(new URL("http://host.invalid/other"))).rejects.toMatchObject({
    code: "SourceError",
    status: 404,
  });
});

test.each(["{", '{"task":"other"}'])("the line %s is a FormatError that names it", (line) => {
  expect(() => parseItems(`{"task":"vqa"}\n${line}\n`)).toThrow(
    expect.objectContaining({ code: "FormatError", message: expect.stringContaining("line 2") }),
  );
});

test("a model that is none is refused", () => {
  expect(() => modelDirectory("fairies" as ReferenceModelName)).toThrow(
    expect.objectContaining({ code: "ArgumentError", argument: "name" }),
  );
});
