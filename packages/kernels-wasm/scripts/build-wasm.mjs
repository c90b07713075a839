/**
 * Compiles `assembly/` twice, with and without relaxed SIMD, into `dist/`. Does nothing where both are up to date.
 *
 * Use      node scripts/build-wasm.mjs [--force]
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const builds = [
  { name: "kernels-relaxed.wasm", flags: ["--use", "RELAXED=1", "--enable", "relaxed-simd"] },
  { name: "kernels-simd.wasm", flags: ["--use", "RELAXED=0"] },
];
const shared = ["-O3", "--runtime", "stub", "--importMemory", "--noAssert", "--enable", "simd"];

const sources = readdirSync(join(root, "assembly"), { recursive: true })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join("assembly", name))
  .sort();
const hash = createHash("sha256");
const compiler = createRequire(import.meta.url).resolve("assemblyscript/package.json");
hash.update(JSON.parse(readFileSync(compiler, "utf8")).version);
for (const file of ["scripts/build-wasm.mjs", ...sources]) {
  hash.update(file).update(readFileSync(join(root, file)));
}
const stamp = hash.digest("hex");
const stampFile = join(root, "dist", "kernels.sha256");
const isCurrent =
  existsSync(stampFile) &&
  readFileSync(stampFile, "utf8") === stamp &&
  builds.every(({ name }) => existsSync(join(root, "dist", name)));

if (!isCurrent || process.argv.includes("--force")) {
  const { default: asc } = await import("assemblyscript/asc");
  mkdirSync(join(root, "dist"), { recursive: true });
  for (const { name, flags } of builds) {
    const { error, stderr, binary } = await compile(asc, flags);
    if (error) {
      console.error(stderr.toString());
      process.exit(1);
    }
    writeFileSync(join(root, "dist", name), binary);
    console.log(`${relative(process.cwd(), join(root, "dist", name))} ${binary.length} bytes`);
  }
  writeFileSync(stampFile, stamp);
}

async function compile(asc, flags) {
  let binary;
  const entry = join("assembly", "index.ts");
  const args = [entry, "--baseDir", root, "--outFile", "out.wasm", ...shared, ...flags];
  const result = await asc.main(args, {
    readFile: (name, base) => {
      const path = join(base, name);
      return existsSync(path) ? readFileSync(path, "utf8") : null;
    },
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: (folder, base) => readdirSync(join(base, folder)),
  });
  return { ...result, binary };
}
