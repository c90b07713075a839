/** What a page downloads for an entry point: bundled, minified, compressed, without what is loaded on demand. */
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

interface Output {
  readonly type: "chunk" | "asset";
  readonly code?: string;
  readonly imports?: readonly string[];
}
type Build = (options: object) => Promise<{ readonly output: readonly Output[] }>;

/** The bundler that comes with the test runner. */
async function bundler(): Promise<Build> {
  let from = createRequire(import.meta.url);
  for (const name of ["vitest", "vite"]) from = createRequire(from.resolve(`${name}/package.json`));
  const { build } = (await import(pathToFileURL(from.resolve("rolldown")).href)) as {
    build: Build;
  };
  return build;
}

async function bundled(source: string): Promise<readonly Output[]> {
  const build = await bundler();
  const { output } = await build({
    input: fileURLToPath(new URL(`../../../packages/${source}`, import.meta.url)),
    write: false,
    platform: "browser",
    logLevel: "silent",
    external: [/^node:/],
    resolve: { conditionNames: ["@frugal/source", "import"] },
    output: { minify: true, format: "esm" },
  });
  return output;
}

describe("the encode-only entry of the tokenizers", () => {
  it("takes less than 25 kB compressed, in one part", async () => {
    const output = await bundled("tokenizers/src/encode/index.ts");
    const chunks = output.filter(({ type }) => type === "chunk");
    expect(chunks).toHaveLength(1);
    const [{ code = "", imports = [] }] = chunks as [Output];
    expect(gzipSync(code, { level: 9 }).length).toBeLessThan(25_000);
    expect(imports).toEqual([]);
    // The engine is there: a bundle that lost it would be small as well.
    expect(code).toContain("loadEncoder");
    expect(code).toContain("A9HGH2GAiIKeJFaK7CqK6DqK4A6HAqHK9EK2AK4F2KDK3FEKF3KCnKC7DoKD8CD");
  });
});
