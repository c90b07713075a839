/**
 * Asks about pictures of coloured shapes; an answer counts when it is the expected text, letter by letter.
 *
 * A picture is fed once and its questions go on from forks, unless the method looks at the question.
 *
 * Units    `tokens`: rows of the prompt that a decoder layer reads, mean over layers; a picture's time is shared by its questions
 * Errors   CapabilityError for a model without pictures
 */

import {
  IMAGE_SIZE,
  type Question,
  type QuestionKind,
  questions,
  scene,
} from "@frugal/reference-models";
import { CapabilityError } from "@frugal/tensor/errors";
import { greedyAnswer, positionAfter } from "../greedy.js";
import type {
  Arm,
  ImageMethod,
  Item,
  Picture,
  Subject,
  SubjectPrefix,
  Task,
  Trial,
} from "../types.js";
import { listen, meanLength } from "./listen.js";

export interface VqaOptions {
  /** Default 3. */
  readonly questionsPerPicture?: number;
  /** Default: all kinds. */
  readonly kinds?: readonly QuestionKind[];
}

/** Room for the longest list of objects. */
export const MAX_ANSWER_TOKENS = 40;

export function vqa(subject: Subject, options: VqaOptions = {}): Task<ImageMethod> {
  const { questionsPerPicture = 3, kinds } = options;
  return {
    name: "vqa",
    title: "Image tokens: questions about pictures",
    items: "pictures",
    quality: { name: "right answers", better: "higher", isShare: true },
    cost: "tokens a layer",
    async open(seed, _arms, signal): Promise<Item<ImageMethod>> {
      const shown = scene(seed);
      const asked = kinds
        ? kinds.flatMap((kind) => questions(shown, seed, 1, kind)).slice(0, questionsPerPicture)
        : questions(shown, seed, questionsPerPicture);
      const picture = pictureOf(shown.pixels);
      return {
        run: (arm) => answers(subject, { picture, asked, seed, signal }, arm),
      };
    },
  };
}

interface Exam {
  readonly picture: Picture;
  readonly asked: readonly Question[];
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

async function answers(
  subject: Subject,
  exam: Exam,
  { method }: Arm<ImageMethod>,
): Promise<Trial[]> {
  const trials: Trial[] = [];
  const open = (ids: Uint32Array): Promise<SubjectPrefix> =>
    subject.prefill(
      { ids, images: [exam.picture] },
      { ...(method ? { images: method } : {}), seed: exam.seed, signal: exam.signal },
    );
  if (method?.dependsOn !== "question") {
    const started = performance.now();
    const prefix = await open(picturePrompt(subject, "").before);
    try {
      const shareMs = (performance.now() - started) / exam.asked.length;
      for (const question of exam.asked) {
        const { after } = picturePrompt(subject, question.question);
        trials.push(await answer(subject, prefix, after, question, exam.signal, shareMs));
      }
    } finally {
      prefix.dispose();
    }
    return trials;
  }
  for (const question of exam.asked) {
    const { before, after } = picturePrompt(subject, question.question);
    const started = performance.now();
    const prefix = await open(Uint32Array.of(...before, ...after));
    try {
      const tokens = meanLength(subject, prefix.cache);
      const { said } = await listen(prefix.generate({ maxTokens: MAX_ANSWER_TOKENS }));
      const elapsedMs = performance.now() - started;
      trials.push({ quality: said.trim() === question.answer ? 1 : 0, tokens, elapsedMs });
    } finally {
      prefix.dispose();
    }
  }
  return trials;
}

async function answer(
  subject: Subject,
  prefix: SubjectPrefix,
  ids: Uint32Array,
  question: Question,
  signal: AbortSignal | undefined,
  sharedMs: number,
): Promise<Trial> {
  const started = performance.now();
  const said = await say(subject, prefix, ids, signal);
  return {
    quality: said === question.answer ? 1 : 0,
    tokens: meanLength(subject, prefix.cache) + ids.length,
    elapsedMs: sharedMs + performance.now() - started,
  };
}

/** Goes on from a fork of the prefix with these ids, greedily. */
export async function say(
  subject: Subject,
  prefix: SubjectPrefix,
  ids: Uint32Array,
  signal?: AbortSignal,
): Promise<string> {
  const cache = prefix.cache.fork();
  try {
    const tokens = await greedyAnswer(subject, cache, ids, {
      maxTokens: MAX_ANSWER_TOKENS,
      firstPosition: positionAfter(prefix),
      signal,
    });
    return subject.tokenizer.decode(tokens).trim();
  } finally {
    cache.dispose();
  }
}

export const pictureOf = (pixels: Uint8Array): Picture => ({
  width: IMAGE_SIZE,
  height: IMAGE_SIZE,
  data: pixels,
});

/** The model's own template, cut behind the picture. */
export function picturePrompt(
  { name, tokenizer, imageTokenId }: Subject,
  question: string,
): { readonly before: Uint32Array; readonly after: Uint32Array } {
  const content = [{ type: "image" }, { type: "text", text: question }];
  const text = tokenizer.renderChat([{ role: "user", content }], { addGenerationPrompt: true });
  const ids = tokenizer.encode(text, { addSpecialTokens: false });
  const end = imageTokenId === undefined ? 0 : ids.lastIndexOf(imageTokenId) + 1;
  if (end === 0) throw new CapabilityError(name, ["pictures in its chat template"]);
  return { before: ids.slice(0, end), after: ids.slice(end) };
}
