/** Puts the commands together and runs one. */
import { Command } from "commander";
import { demoCommand } from "./commands/demo.js";
import { doctorCommand } from "./commands/doctor.js";
import { evalCommand } from "./commands/eval.js";
import { runCommand } from "./commands/run.js";
import { tokenizeCommand } from "./commands/tokenize.js";
import { exitCodeOf } from "./failure.js";
import { hasColor, type Io } from "./io.js";

export async function main(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command("frugal")
    .description("Makes transformer models cheaper to run by making them handle fewer tokens.")
    .helpCommand(true)
    .showHelpAfterError("(frugal --help lists everything)");
  const makers = [demoCommand, runCommand, evalCommand, tokenizeCommand, doctorCommand];
  for (const make of makers) program.addCommand(make(io));
  settle(program, io);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return exitCodeOf(error, io, argv.includes("--debug"));
  }
}

/** What every command has, and every command within one. */
function settle(command: Command, io: Io): void {
  command
    .option("--debug", "show the stack of an error")
    .enablePositionalOptions() // a command and one within it may have options of the same name
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out.write(text),
      writeErr: (text) => io.err.write(text),
      getOutHasColors: () => hasColor(io, io.out),
      getErrHasColors: () => hasColor(io, io.err),
    });
  for (const inner of command.commands) settle(inner, io);
}
