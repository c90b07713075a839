/**
 * Questions about pictures and the presence of pairs, as they were published: each picture is fed once, each question goes on
 * from a fork.
 *
 * Units    an item of presence differs when any of its 64 pairs does; its score is F1 over all pairs
 */
import { type PresenceItem, type QuestionItem, scene } from "@frugal/reference-models";
import { type PresenceHead, pairsSeen } from "../tasks/presence.js";
import { pictureOf, picturePrompt, say } from "../tasks/vqa.js";
import type { Picture, Subject } from "../types.js";
import { compareAnswers, type Run, type Said } from "./compare.js";
import { MOST_DIFFERING, type ScoreComparison } from "./scores.js";

export async function picturesOf(
  subject: Subject,
  head: PresenceHead | undefined,
  questions: readonly QuestionItem[],
  presence: readonly PresenceItem[],
  { signal, progress }: Run,
): Promise<ScoreComparison[]> {
  const asked = bySeed(questions);
  const said: Said[] = [];
  const seen: Said[] = [];
  const tally = { ours: new Tally(), theirs: new Tally() };
  for (const [index, item] of presence.entries()) {
    signal?.throwIfAborted();
    const picture = pictureOf(scene(item.item).pixels);
    said.push(...(await answersOf(subject, picture, asked.get(item.item) ?? [], signal)));
    if (head && subject.look) {
      const { pooled } = await subject.look(picture);
      const pairs = [...pairsSeen(pooled, head).entries()].flatMap(([pair, yes]) =>
        yes ? [pair] : [],
      );
      tally.ours.add(pairs, item.true);
      tally.theirs.add(item.seen, item.true);
      const text = (list: readonly number[]): string => list.join(" ");
      seen.push({
        item: String(item.item),
        said: text(pairs),
        expected: text(item.seen),
        answer: text(item.true),
      });
    }
    progress(index + 1, presence.length);
  }
  const vqa = compareAnswers("vqa", "scenes", said, MOST_DIFFERING);
  if (seen.length === 0) return [vqa];
  const pairs = compareAnswers("presence", "scenes", seen, MOST_DIFFERING);
  return [vqa, { ...pairs, score: tally.ours.f1, published: tally.theirs.f1 }];
}

async function answersOf(
  subject: Subject,
  picture: Picture,
  items: readonly QuestionItem[],
  signal: AbortSignal | undefined,
): Promise<Said[]> {
  const { before } = picturePrompt(subject, "");
  const prefix = await subject.prefill({ ids: before, images: [picture] }, { signal });
  try {
    const all: Said[] = [];
    for (const { item, said: expected, answer } of items) {
      const { after } = picturePrompt(subject, item.slice(item.indexOf(" ") + 1));
      all.push({ item, said: await say(subject, prefix, after, signal), expected, answer });
    }
    return all;
  } finally {
    prefix.dispose();
  }
}

function bySeed(questions: readonly QuestionItem[]): Map<number, QuestionItem[]> {
  const lists = new Map<number, QuestionItem[]>();
  for (const question of questions) {
    const seed = Number.parseInt(question.item, 10);
    const list = lists.get(seed) ?? [];
    list.push(question);
    lists.set(seed, list);
  }
  return lists;
}

/** Pairs seen rightly, seen wrongly and missed. */
class Tally {
  #hits = 0;
  #named = 0;

  add(seen: readonly number[], truth: readonly number[]): void {
    this.#hits += seen.filter((pair) => truth.includes(pair)).length;
    this.#named += seen.length + truth.length;
  }

  get f1(): number {
    return this.#named === 0 ? 1 : (2 * this.#hits) / this.#named;
  }
}
