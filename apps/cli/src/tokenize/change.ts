/** `frugal tokenize change`: a tokenizer, or the rows of a model's embedding, made into others. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { random } from "@frugal/reference-models";
import { surfaceForms } from "@frugal/tokenizers/change";
import { Command } from "commander";
import { usage } from "../failure.js";
import type { Io } from "../io.js";
import { count } from "../options.js";
import { progressOn } from "../terminal.js";
import { chosen, contextOf, listed, type MethodContext, type Named, numberOf } from "./methods.js";
import { type NamedTokenizer, openTokenizer, PLACE_HELP } from "./places.js";

export interface ChangeContext extends MethodContext {
  /** The tokenizer that is changed, or that the model has. */
  from(): Promise<NamedTokenizer>;
  /** The tokenizer that `--to` names; an error where it names none. */
  to(): Promise<NamedTokenizer>;
}

/** Gives the file that comes out. */
export interface Change extends Named {
  run(context: ChangeContext): Promise<string | Uint8Array>;
}

export const CHANGES: readonly Change[] = [
  {
    name: "surface-forms",
    about: "how --tokenizer spells every token of --to, for a hypernetwork: length=7, pad=ID",
    async run(context) {
      const [{ tokenizer: from }, { tokenizer: to }] = [await context.from(), await context.to()];
      const { forms, truncated } = surfaceForms(to, from, {
        maxLength: numberOf(context, "length", 7),
        padTokenId: numberOf(context, "pad", from.specialIds.pad ?? 0),
      });
      return JSON.stringify({ truncated, forms: forms.map((form) => [...form]) });
    },
  },
];

interface ChangeFlags {
  readonly method: string;
  readonly tokenizer: string;
  readonly to?: string;
  readonly seed: number;
  readonly out: string;
}

export function changeCommand(io: Io, methods = CHANGES): Command {
  return new Command("change")
    .description("change a tokenizer, or give a model the rows for another one")
    .requiredOption("--method <name>", "which change")
    .requiredOption("--out <file>", "where the result goes")
    .option("--tokenizer <place>", PLACE_HELP, "fables")
    .option("--to <place>", "the tokenizer that it shall become")
    .option("--seed <n>", "of everything that is drawn", count, 0)
    .addHelpText("after", listed(methods))
    .action((flags: ChangeFlags) => change(flags, methods, io));
}

async function change(flags: ChangeFlags, methods: readonly Change[], io: Io): Promise<void> {
  const { method, options } = chosen(methods, flags.method);
  const progress = progressOn(io);
  const file = await method.run({
    ...contextOf(options, random(flags.seed), io, progress.tell),
    from: () => openTokenizer(flags.tokenizer, io),
    async to() {
      if (flags.to === undefined) throw usage(`${method.name} needs --to <place>`);
      return openTokenizer(flags.to, io);
    },
  });
  progress.end();
  await writeFile(resolve(io.cwd, flags.out), file);
  io.err.write(`wrote ${flags.out}\n`);
}
