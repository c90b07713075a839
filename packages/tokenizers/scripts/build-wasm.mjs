/**
 * Compiles `assembly/` into `dist/tokenizer.wasm`. Does nothing where it is up to date.
 *
 * Needs    the compiler that kernels-wasm brings
 * Use      node scripts/build-wasm.mjs [--force]
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = createRequire(new URL("../../kernels-wasm/package.json", import.meta.url)).resolve(
  "assemblyscript/package.json",
);
const flags = ["-O3", "--runtime", "stub", "--noAssert", "--enable", "simd"];

const sources = readdirSync(join(root, "assembly"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join("assembly", name))
  .sort();
const hash = createHash("sha256");
const { version, exports } = JSON.parse(readFileSync(compiler, "utf8"));
hash.update(version);
for (const file of ["scripts/build-wasm.mjs", ...sources])
  hash.update(file).update(readFileSync(join(root, file)));
const stamp = hash.digest("hex");
const stampFile = join(root, "dist", "tokenizer.sha256");
const target = join(root, "dist", "tokenizer.wasm");
const isCurrent =
  existsSync(target) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;

if (!isCurrent || process.argv.includes("--force")) {
  const entry = join(dirname(compiler), exports["./asc"].import);
  const { default: asc } = await import(pathToFileURL(entry).href);
  let binary;
  const args = [join("assembly", "index.ts"), "--baseDir", root, "--outFile", "out.wasm", ...flags];
  const { error, stderr } = await asc.main(args, {
    readFile: (name, base) => {
      const path = join(base, name);
      return existsSync(path) ? readFileSync(path, "utf8") : null;
    },
    writeFile: (_name, contents) => {
      binary = contents;
    },
    listFiles: (folder, base) => readdirSync(join(base, folder)),
  });
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(target, binary);
  writeFileSync(stampFile, stamp);
  console.log(`${relative(process.cwd(), target)} ${binary.length} bytes`);
}
