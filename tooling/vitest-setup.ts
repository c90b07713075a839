/** Builds what tests need and git does not hold: the two `.wasm` files of kernels-wasm. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

export default function setup(): void {
  const script = new URL("../packages/kernels-wasm/scripts/build-wasm.mjs", import.meta.url)
    .pathname;
  if (existsSync(script)) execFileSync(process.execPath, [script], { stdio: "inherit" });
}
