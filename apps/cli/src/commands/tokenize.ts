/** `frugal tokenize`: what tokenizers make of texts. */
import { Command, Option } from "commander";
import { usage } from "../failure.js";
import type { Io } from "../io.js";
import { number } from "../options.js";
import { changeCommand } from "../tokenize/change.js";
import { type CompareFlags, compare, WORDS } from "../tokenize/compare.js";
import { type EncodeFlags, showEncoding } from "../tokenize/encode.js";
import { textOf } from "../tokenize/input.js";
import { compareParallel, type ParallelFlags } from "../tokenize/parallel.js";
import { openTokenizer, PLACE_HELP } from "../tokenize/places.js";
import { segmentCommand } from "../tokenize/segment.js";
import { trainCommand } from "../tokenize/train.js";

interface TokenizeFlags extends EncodeFlags, CompareFlags, Omit<ParallelFlags, "parallel"> {
  readonly tokenizer: string;
  readonly compare?: boolean;
  readonly parallel?: string;
}

const EXAMPLES = `
  frugal tokenize story.txt --tokenizer ./tokenizer.json
  frugal tokenize story.txt --tokenizer cl100k_base.tiktoken --count
  echo "Once upon a time" | frugal tokenize --offsets
  frugal tokenize --compare fables ./tokenizer.json story.txt --out report
  frugal tokenize --compare fables ./tokenizer.json --parallel udhr.zip`;

export function tokenizeCommand(io: Io): Command {
  const command = new Command("tokenize")
    .description("show what a tokenizer makes of a text")
    .argument("[file...]", "the text; - or nothing reads it from the input")
    .option("--tokenizer <place>", PLACE_HELP, "fables")
    .addOption(new Option("--count", "print the number of tokens").conflicts(["ids", "offsets"]))
    .addOption(new Option("--ids", "print the ids").conflicts("offsets"))
    .option("--offsets", "print a line a token: its id, where it begins and ends, its text")
    .option("--no-added", "without what the tokenizer's file adds around a text")
    .option("--json", "print JSON and nothing else")
    .addOption(
      new Option(
        "--compare",
        "measure tokenizers on a text: give their places and, last, the text",
      ).conflicts(["ids", "count", "offsets"]),
    )
    .option(
      "--parallel <place>",
      "with --compare: a folder or .zip with a language a file, and no text",
    )
    .option("--language <name>", "the language that others are compared with", "eng")
    .option("--all", "every language in the table")
    .addOption(
      new Option("--words <kind>", "what a word is to the measures")
        .choices(WORDS)
        .default("whitespace"),
    )
    .option("--alpha <a>", "order of the Rényi efficiency", number, 2.5)
    .option("--out <folder>", "with --compare: write index.html and results.json there")
    .addHelpText("after", EXAMPLES)
    .action((places: string[], flags: TokenizeFlags) => tokenize(places, flags, io));
  command.addCommand(segmentCommand(io));
  command.addCommand(trainCommand(io));
  command.addCommand(changeCommand(io));
  return command;
}

async function tokenize(places: readonly string[], flags: TokenizeFlags, io: Io): Promise<void> {
  const { parallel } = flags;
  if (flags.compare) {
    if (parallel === undefined) await compare(places, flags, io);
    else await compareParallel(places, { ...flags, parallel }, io);
    return;
  }
  if (parallel !== undefined || flags.out !== undefined) {
    throw usage("--parallel and --out belong to --compare");
  }
  if (places.length > 1) throw usage("give one file; --compare takes several places");
  const text = await textOf(places[0], io);
  showEncoding(text, await openTokenizer(flags.tokenizer, io), flags, io);
}
