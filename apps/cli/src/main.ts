#!/usr/bin/env node
/** The `frugal` command: what it gets from the process, and the exit status it leaves. */
import { allowRelaxedSimd } from "./host.js";
import { processIo } from "./io.js";
import { main } from "./program.js";

allowRelaxedSimd();
const controller = new AbortController();
process.once("SIGINT", () => controller.abort(new DOMException("Interrupted", "AbortError")));
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader has gone (`frugal ... | head`): there is nobody to write for.
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2), processIo(controller.signal));
