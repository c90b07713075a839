/** Builds what tests need and git does not hold: the `.wasm` files of kernels-wasm and of tokenizers. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

export default function setup(): void {
  for (const name of ["kernels-wasm", "tokenizers"]) {
    const script = new URL(`../packages/${name}/scripts/build-wasm.mjs`, import.meta.url).pathname;
    if (existsSync(script)) execFileSync(process.execPath, [script], { stdio: "inherit" });
  }
}
