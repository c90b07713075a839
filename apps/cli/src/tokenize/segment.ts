/** `frugal tokenize segment`: other ways to cut a text than the one that a tokenizer was trained for. */
import { random } from "@frugal/reference-models";
import type { Tokenizer } from "@frugal/tokenizers";
import { Command } from "commander";
import type { Io } from "../io.js";
import { count } from "../options.js";
import { progressOn } from "../terminal.js";
import { textOf } from "./input.js";
import { chosen, contextOf, listed, type MethodContext, type Named } from "./methods.js";
import { openTokenizer, PLACE_HELP } from "./places.js";
import { SAMPLING_SEGMENTERS } from "./segment-sampling.js";
import { VARIANT_SEGMENTERS } from "./segment-variants.js";

/** One way to cut the text. */
export interface Segmentation {
  readonly pieces: readonly string[];
  readonly ids?: ArrayLike<number>;
  /** Log probability, where the method has one. */
  readonly score?: number;
}

export interface SegmentContext extends MethodContext {
  /** The tokenizer that `--tokenizer` names; loaded when it is asked for. */
  tokenizer(): Promise<Tokenizer>;
}

/** Gives one segmentation or several, the best first. */
export interface Segmenter extends Named {
  run(text: string, context: SegmentContext): Promise<readonly Segmentation[]>;
}

export const SEGMENTERS: readonly Segmenter[] = [...SAMPLING_SEGMENTERS, ...VARIANT_SEGMENTERS];

interface SegmentFlags {
  readonly method: string;
  readonly tokenizer: string;
  readonly seed: number;
  readonly json?: boolean;
}

export function segmentCommand(io: Io, methods = SEGMENTERS): Command {
  return new Command("segment")
    .description("cut a text in another way than the tokenizer's own")
    .argument("[file]", "the text; - or nothing reads it from the input")
    .requiredOption("--method <name>", "which way")
    .option("--tokenizer <place>", PLACE_HELP, "fables")
    .option("--seed <n>", "of everything that is drawn", count, 0)
    .option("--json", "print one JSON object a segmentation")
    .addHelpText("after", listed(methods))
    .action((place: string | undefined, flags: SegmentFlags) => segment(place, flags, methods, io));
}

async function segment(
  place: string | undefined,
  flags: SegmentFlags,
  methods: readonly Segmenter[],
  io: Io,
): Promise<void> {
  const { method, options } = chosen(methods, flags.method);
  const text = await textOf(place, io);
  const progress = progressOn(io);
  const context: SegmentContext = {
    ...contextOf(options, random(flags.seed), io, progress.tell),
    tokenizer: async () => (await openTokenizer(flags.tokenizer, io)).tokenizer,
  };
  const segmentations = await method.run(text, context);
  progress.end();
  for (const { pieces, ids, score } of segmentations) {
    if (flags.json) {
      const found = {
        method: method.name,
        pieces,
        ...(ids ? { ids: Array.from(ids) } : {}),
        score,
      };
      io.out.write(`${JSON.stringify(found)}\n`);
    } else {
      const shown = pieces.map((piece) => JSON.stringify(piece)).join(" ");
      io.out.write(score === undefined ? `${shown}\n` : `${score.toFixed(4)}\t${shown}\n`);
    }
  }
}
