import { readFile } from "node:fs/promises";
import { FrugalError } from "@frugal/tensor/errors";
import { expect, test } from "vitest";
import { binaryUrl } from "./load.js";
import { wasm } from "./wasm.js";

const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

test("takes a binary, a module or an address", async () => {
  const url = binaryUrl("simd");
  const bytes = await readFile(url);
  const module = await WebAssembly.compile(bytes);
  for (const choice of [{ binary: bytes }, { binary: module }, { url }, { url: url.href }]) {
    const backend = await wasm(choice);
    expect(backend.report().path).toBe("simd128, 1 thread");
    backend.dispose();
  }
});

test("finds a build by itself and says which", async () => {
  const backend = await wasm();
  expect(backend.report()).toMatchObject({ threads: 1, allocatedBytes: 0, fallbacks: {} });
  expect(["simd128, 1 thread", "relaxed simd, 1 thread"]).toContain(backend.report().path);
  expect(backend.name).toBe("wasm");
  expect(backend.rowInvariant).toBe(true);
});

test("refuses options that do not fit", async () => {
  const refusals = [
    [{ build: "scalar" as "simd" }, "ArgumentError"],
    [{ maxMemoryBytes: 5 }, "ArgumentError"],
    [{ url: "kernels.wasm" }, "ArgumentError"],
    [{ url: new URL("missing.wasm", import.meta.url) }, "SourceError"],
    [{ url: import.meta.url }, "CapabilityError"],
    [{ binary: Uint8Array.of(0, 97, 115, 109, 1) }, "CapabilityError"],
    [{ binary: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0) }, "CapabilityError"],
  ] as const;
  for (const [options, code] of refusals) {
    expect(FrugalError.is(await thrown(wasm(options)), code), code).toBe(true);
  }
});

test("one error lists the cause of every build that was tried", async () => {
  const { validate } = WebAssembly;
  try {
    WebAssembly.validate = () => false;
    const error = await thrown(wasm());
    expect(FrugalError.is(error, "CapabilityError")).toBe(true);
    expect((error as { causes: string[] }).causes).toEqual([
      "relaxed: this host has no relaxed SIMD",
      "simd: this host has no SIMD",
    ]);
  } finally {
    WebAssembly.validate = validate;
  }
});
