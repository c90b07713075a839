/** `frugal tokenize`: what tokenizers make of texts. */
import { Command, Option } from "commander";
import type { Io } from "../io.js";
import { CHANGES, changeCommand } from "../tokenize/change.js";
import { type EncodeFlags, showEncoding } from "../tokenize/encode.js";
import { textOf } from "../tokenize/input.js";
import { openTokenizer, PLACE_HELP } from "../tokenize/places.js";
import { SEGMENTERS, segmentCommand } from "../tokenize/segment.js";
import { TRAINERS, trainCommand } from "../tokenize/train.js";

interface TokenizeFlags extends EncodeFlags {
  readonly tokenizer: string;
}

const EXAMPLES = `
  frugal tokenize story.txt --tokenizer ./tokenizer.json
  frugal tokenize story.txt --tokenizer cl100k_base.tiktoken --count
  echo "Once upon a time" | frugal tokenize --offsets`;

export function tokenizeCommand(io: Io): Command {
  const command = new Command("tokenize")
    .description("show what a tokenizer makes of a text")
    .argument("[file]", "the text; - or nothing reads it from the input")
    .option("--tokenizer <place>", PLACE_HELP, "fables")
    .addOption(new Option("--count", "print the number of tokens").conflicts(["ids", "offsets"]))
    .addOption(new Option("--ids", "print the ids").conflicts("offsets"))
    .option("--offsets", "print a line a token: its id, where it begins and ends, its text")
    .option("--no-added", "without what the tokenizer's file adds around a text")
    .option("--json", "print JSON and nothing else")
    .addHelpText("after", EXAMPLES)
    .action((place: string | undefined, flags: TokenizeFlags) => tokenize(place, flags, io));
  if (SEGMENTERS.length > 0) command.addCommand(segmentCommand(io));
  if (TRAINERS.length > 0) command.addCommand(trainCommand(io));
  if (CHANGES.length > 0) command.addCommand(changeCommand(io));
  return command;
}

async function tokenize(place: string | undefined, flags: TokenizeFlags, io: Io): Promise<void> {
  const text = await textOf(place, io);
  showEncoding(text, await openTokenizer(flags.tokenizer, io), flags, io);
}
