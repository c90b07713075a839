/** Bits of rows together and apart, in V8's baseline compiler and in its optimizing one, and the same in both. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { binaryUrl } from "../src/load.js";
import { missingInstructions } from "../src/probe.js";
import { BUILDS } from "./support.js";

const SCRIPT = fileURLToPath(new URL("tiers.mjs", import.meta.url));
const TIERS = ["--liftoff-only", "--no-liftoff"];

test.each(BUILDS)("%s: no tier tells rows apart", (build) => {
  // Node 20 has the instructions behind a flag; where they are missing here, a child needs it too.
  const isHidden = build === "relaxed" && missingInstructions(build) !== null;
  const hidden = isHidden ? ["--experimental-wasm-relaxed-simd"] : [];
  const binary = fileURLToPath(binaryUrl(build));
  const hashes = TIERS.map((tier) =>
    execFileSync(process.execPath, [...hidden, tier, SCRIPT, binary], { encoding: "utf8" }),
  );
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(hashes[1]).toBe(hashes[0]);
});
