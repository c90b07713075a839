/** `frugal tokenize train`: a tokenizer from texts. */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { random } from "@frugal/reference-models";
import { Command } from "commander";
import type { Io } from "../io.js";
import { atLeastOne, count } from "../options.js";
import { progressOn } from "../terminal.js";
import { linesOf } from "./input.js";
import { chosen, contextOf, listed, type MethodContext, type Named } from "./methods.js";
import { BPE_TRAINERS } from "./train-bpe.js";
import { UNIGRAM_TRAINERS } from "./train-unigram.js";
import { VARIANT_TRAINERS } from "./train-variants.js";

export interface TrainContext extends MethodContext {
  /** Tokens that are asked for. */
  readonly vocabularySize: number;
  /** Settings that go together, by name. */
  readonly preset?: string;
  /** The texts anew from the front, line by line, line feeds included. */
  lines(): AsyncIterable<string>;
}

/** Gives the file of the trained tokenizer: tokenizer.json as text, other formats as bytes. */
export interface Trainer extends Named {
  run(context: TrainContext): Promise<string | Uint8Array>;
}

export const TRAINERS: readonly Trainer[] = [
  ...BPE_TRAINERS,
  ...UNIGRAM_TRAINERS,
  ...VARIANT_TRAINERS,
];

interface TrainFlags {
  readonly method: string;
  readonly vocabulary: number;
  readonly preset?: string;
  readonly seed: number;
  readonly out: string;
}

export function trainCommand(io: Io, methods = TRAINERS): Command {
  return new Command("train")
    .description("train a tokenizer on texts")
    .argument("<files...>", "texts in UTF-8")
    .requiredOption("--method <name>", "which trainer")
    .option("--vocabulary <n>", "tokens", atLeastOne, 4096)
    .option("--preset <name>", "settings that go together, where the trainer has some")
    .option("--seed <n>", "of everything that is drawn", count, 0)
    .option("--out <file>", "where the tokenizer goes", "tokenizer.json")
    .addHelpText("after", listed(methods))
    .action((files: string[], flags: TrainFlags) => train(files, flags, methods, io));
}

async function train(
  files: readonly string[],
  flags: TrainFlags,
  methods: readonly Trainer[],
  io: Io,
): Promise<void> {
  const { method, options } = chosen(methods, flags.method);
  const progress = progressOn(io);
  const file = await method.run({
    ...contextOf(options, random(flags.seed), io, progress.tell),
    vocabularySize: flags.vocabulary,
    ...(flags.preset === undefined ? {} : { preset: flags.preset }),
    lines: () => linesOf(files, io),
  });
  progress.end();
  await writeFile(resolve(io.cwd, flags.out), file);
  io.err.write(`wrote ${flags.out}\n`);
}
