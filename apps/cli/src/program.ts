/** Puts the commands together and runs one. */
import { Command } from "commander";
import { demoCommand } from "./commands/demo.js";
import { doctorCommand } from "./commands/doctor.js";
import { evalCommand } from "./commands/eval.js";
import { runCommand } from "./commands/run.js";
import { exitCodeOf } from "./failure.js";
import { hasColor, type Io } from "./io.js";

export async function main(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command("frugal")
    .description("Makes transformer models cheaper to run by making them handle fewer tokens.")
    .option("--debug", "show the stack of an error")
    .helpCommand(true)
    .showHelpAfterError("(frugal --help lists everything)");
  const commands = [demoCommand(io), runCommand(io), evalCommand(io), doctorCommand(io)];
  for (const command of [program, ...commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      getOutHasColors: () => hasColor(io, io.out),
      getErrHasColors: () => hasColor(io, io.err),
    });
  }
  for (const command of commands)
    program.addCommand(command.option("--debug", "show the stack of an error"));
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return exitCodeOf(error, io, argv.includes("--debug"));
  }
}
