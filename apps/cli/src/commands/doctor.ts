/** `frugal doctor`: what this host can do, and which models are at hand. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MODEL_NAMES, modelDirectory } from "@frugal/reference-models";
import { Command } from "commander";
import { EXIT } from "../failure.js";
import { hasRelaxedSimd, hasSimd, machine } from "../host.js";
import type { Io } from "../io.js";
import { BACKENDS, openBackend } from "../models.js";

interface Check {
  readonly name: string;
  readonly isFine: boolean;
  readonly says: string;
}

const OLDEST_NODE = 20;

export function doctorCommand(io: Io): Command {
  return new Command("doctor")
    .description("say what this machine can do")
    .option("--json", "print JSON instead of lines")
    .action(async (flags: { readonly json?: boolean }, command: Command) => {
      const checks = await allChecks();
      if (flags.json) io.out.write(`${JSON.stringify({ machine: machine(), checks }, null, 2)}\n`);
      else {
        for (const [name, value] of Object.entries(machine()))
          io.out.write(`    ${name}: ${value}\n`);
        for (const { name, isFine, says } of checks) {
          io.out.write(`${isFine ? "ok " : "NO "} ${name}: ${says}\n`);
        }
      }
      const failed = checks.filter(({ isFine }) => !isFine).length;
      if (failed > 0)
        command.error(`${failed} of ${checks.length} checks failed`, { exitCode: EXIT.failure });
    });
}

async function allChecks(): Promise<Check[]> {
  const major = Number(process.versions.node.split(".")[0]);
  const checks: Check[] = [
    {
      name: "node",
      isFine: major >= OLDEST_NODE,
      says: `${process.version}${major >= OLDEST_NODE ? "" : `, ${OLDEST_NODE} or newer is needed`}`,
    },
    {
      name: "wasm SIMD",
      isFine: hasSimd(),
      says: hasSimd() ? "yes" : "no: use --backend reference",
    },
    {
      name: "wasm relaxed SIMD",
      isFine: true,
      says: hasRelaxedSimd() ? "yes" : "no: products take about 1.5 times as long",
    },
  ];
  for (const name of BACKENDS) checks.push(await backendCheck(name));
  for (const name of MODEL_NAMES) {
    const folder = fileURLToPath(modelDirectory(name));
    const isThere = existsSync(`${folder}model.safetensors`);
    checks.push({
      name: `model ${name}`,
      isFine: isThere,
      says: isThere ? folder : `missing in ${folder}`,
    });
  }
  return checks;
}

async function backendCheck(name: (typeof BACKENDS)[number]): Promise<Check> {
  try {
    const backend = await openBackend(name);
    const { path } = backend.report();
    backend.dispose();
    return { name: `back end ${name}`, isFine: true, says: path };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return { name: `back end ${name}`, isFine: false, says };
  }
}
