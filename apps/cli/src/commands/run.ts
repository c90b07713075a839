/** `frugal run`: one prompt, streamed, with the methods that the flags name. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { IMAGE_SIZE, scene } from "@frugal/reference-models";
import type {
  GenerateOptions,
  GenerateReport,
  LanguageModel,
  PictureInput,
  Piece,
  Prompt,
} from "@frugal/runtime";
import { writeOn } from "@frugal/runtime/bytes";
import { Command, Option } from "commander";
import { chosenMethods, type MethodFlags } from "../choose.js";
import { usage } from "../failure.js";
import type { Io } from "../io.js";
import { BACKENDS, type BackendName, openBackend, openModel } from "../models.js";
import { collect, count, number } from "../options.js";

interface RunFlags extends MethodFlags {
  readonly model?: string;
  readonly image?: readonly string[];
  readonly chat?: boolean;
  readonly maxTokens: number;
  readonly seed: number;
  readonly temperature: number;
  readonly topP?: number;
  readonly stop?: readonly string[];
  readonly inside?: boolean;
  readonly json?: boolean;
  readonly backend: BackendName;
}

const EXAMPLES = `
Methods are named NAME or NAME:key=value,...:
  frugal run "Once upon a time" --draft prompt-lookup
  frugal run "how many objects are there?" --image scene:7 --images divprune:keep=0.25
  frugal run "Once upon a tim" --inside
  frugal run - --cache snapkv:tokens=256,positions=compact < story.txt
  frugal run "what color is the star?" --image scene:7 --method ./pruner.mjs:keep=0.25`;

export function runCommand(io: Io): Command {
  return new Command("run")
    .description("write an answer to a prompt")
    .argument("[prompt]", "the prompt; - or nothing reads it from the input")
    .option(
      "--model <place>",
      "fables, scenes, a folder, or owner/name (default: scenes with pictures, else fables)",
    )
    .option(
      "--image <file>",
      "a PNG or JPEG file, or scene:SEED for a drawn one; may be repeated",
      collect,
    )
    .option("--chat", "put the prompt into the model's chat template (always with pictures)")
    .option("--inside", "the prompt stops inside a word: go on from its bytes, not from its tokens")
    .option("--images <method>", "which image tokens stay")
    .option("--cache <method>", "how the cache shrinks")
    .option("--draft <method>", "who drafts several tokens a step")
    .option(
      "--method <file>",
      "a module whose default export is a method; may be repeated",
      collect,
    )
    .option("--max-tokens <n>", "new tokens at most", count, 128)
    .option("--seed <n>", "of everything that is drawn", count, 0)
    .option("--temperature <t>", "0: always the best token", number, 0)
    .option("--top-p <share>", "mass of the best tokens that stay", number)
    .option("--stop <text>", "ends the answer; may be repeated", collect)
    .option("--json", "print one JSON object instead of text")
    .addOption(new Option("--backend <name>", "where it runs").choices(BACKENDS).default("wasm"))
    .addHelpText("after", EXAMPLES)
    .action((prompt: string | undefined, flags: RunFlags) => run(prompt, flags, io));
}

async function run(text: string | undefined, flags: RunFlags, io: Io): Promise<void> {
  const prompt = text === undefined || text === "-" ? await io.readInput() : text;
  if (prompt === undefined || prompt === "") {
    throw usage("give a prompt, or pipe one in");
  }
  const methods = await chosenMethods(flags, io);
  const images = await Promise.all((flags.image ?? []).map((place) => pictureAt(place, io.cwd)));
  const name = flags.model ?? (images.length > 0 ? "scenes" : "fables");
  const backend = await openBackend(flags.backend);
  let model: LanguageModel | undefined;
  try {
    model = await openModel(name, backend, io);
    const asked: Prompt =
      images.length > 0 || flags.chat
        ? { messages: [{ role: "user", content: prompt }], images }
        : prompt;
    const options: GenerateOptions = {
      ...methods,
      maxTokens: flags.maxTokens,
      seed: flags.seed,
      temperature: flags.temperature,
      ...(flags.topP === undefined ? {} : { topP: flags.topP }),
      ...(flags.stop ? { stop: flags.stop } : {}),
      signal: io.signal,
    };
    const facts = { model: name, methods: namesOf(methods) };
    const pieces =
      flags.inside === true
        ? writeOn(model, plain(asked), options)
        : model.generate(asked, options);
    await show(pieces, facts, flags.json === true, io);
  } finally {
    model?.dispose();
    backend.dispose();
  }
}

function plain(prompt: Prompt): string {
  if (typeof prompt !== "string")
    throw usage("--inside takes a plain prompt, no chat, no pictures");
  return prompt;
}

/** A file, or `scene:SEED`: a picture of the kind that the model `scenes` was trained on. */
async function pictureAt(place: string, cwd: string): Promise<PictureInput> {
  const [, seed] = /^scene:(\d+)$/.exec(place) ?? [];
  if (seed === undefined) return new Uint8Array(await readFile(resolve(cwd, place)));
  return { width: IMAGE_SIZE, height: IMAGE_SIZE, data: scene(Number(seed)).pixels };
}

async function show(
  pieces: AsyncIterable<Piece>,
  facts: { readonly model: string; readonly methods: Readonly<Record<string, string>> },
  isJson: boolean,
  io: Io,
): Promise<void> {
  let text = "";
  const tokenIds: number[] = [];
  for await (const piece of pieces) {
    text += piece.text;
    tokenIds.push(...piece.tokenIds);
    if (!isJson) io.out.write(piece.text);
    if (!piece.report) continue;
    const { report, finish } = piece;
    if (isJson) io.out.write(`${JSON.stringify({ ...facts, text, tokenIds, finish, report })}\n`);
    else {
      io.out.write("\n");
      io.err.write(`${summary(report)}\n`);
    }
  }
}

function namesOf({ images, cache, draft }: Awaited<ReturnType<typeof chosenMethods>>) {
  return {
    ...(images ? { images: images.name } : {}),
    ...(cache ? { cache: cache.scorer.name } : {}),
    ...(draft ? { draft: draft.drafter.name } : {}),
  };
}

/** One line on what was saved. */
export function summary(report: GenerateReport): string {
  const { promptTokens, fullPromptTokens, newTokens, steps, drafted, accepted } = report;
  const parts = [`${promptTokens} prompt tokens`];
  if (promptTokens < fullPromptTokens) parts[0] += ` instead of ${fullPromptTokens}`;
  parts.push(`${newTokens} new tokens in ${steps} steps`);
  if (drafted > 0) parts.push(`${accepted} of ${drafted} drafted tokens accepted`);
  const [first] = report.compressions;
  if (first) parts.push(`cache cut from ${first.slotsBefore} to ${first.slotsAfter} slots`);
  const { encodeMs, prefillMs, decodeMs } = report;
  parts.push(`${Math.round(encodeMs + prefillMs)} + ${Math.round(decodeMs)} ms`, report.path);
  if (!report.isExact) parts.push("the verifier changes the law of the text");
  return parts.join("; ");
}
