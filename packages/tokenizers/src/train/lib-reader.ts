/**
 * Reads sentences with a lexicon, learns chunks from them, and finds out which chunks help.
 *
 * Paper    LiB, arXiv:2403.00417
 * State    what is to be forgotten; what was seen once and what is to move, of one document
 */
import type { Lexicon } from "../segment/lexicon.js";

export interface LibSettings {
  readonly random: () => number;
  readonly memoryIn: number;
  readonly memoryOut: number;
  readonly updateRate: number;
  readonly life: number;
  readonly maxLength: number;
  readonly miniGap: number;
}

/** A chunk that is tried against its second longest part. */
interface Trial {
  /** Up to where the other way has been read. */
  end: number;
  unknown: number;
  /** With unknown characters. */
  count: number;
  /** Of the way that was taken and of the other one; "" for an unknown character. */
  readonly taken: string[];
  readonly other: string[];
}

export class LibReader {
  readonly #lexicon: Lexicon;
  readonly #settings: LibSettings;
  /** Documents left to each chunk that is to be forgotten. */
  readonly #lives = new Map<string, number>();
  readonly #seenOnce = new Set<string>();
  #moves: (readonly [chunk: string, isBack: boolean])[] = [];

  constructor(lexicon: Lexicon, settings: LibSettings) {
    this.#lexicon = lexicon;
    this.#settings = settings;
  }

  begin(character: string): void {
    this.#lexicon.append(character);
    this.#lives.set(character, this.#settings.life);
  }

  read(sentence: readonly string[]): void {
    const trials = new Map<string, Trial>();
    let last = "";
    let isKnown = false;
    for (let at = 0; at < sentence.length; ) {
      this.#judge(trials, sentence, at);
      const [longest, second] = this.#match(sentence, at);
      const chunk = sentence.slice(at, at + longest).join("");
      for (const trial of trials.values()) trial.taken.push(chunk);
      if (longest === 0) {
        last = isKnown ? sentence[at]! : last + sentence[at]!;
        isKnown = false;
        at++;
        continue;
      }
      this.#tryToLearn(last, isKnown, chunk, longest);
      if (longest > 1 && second > 0)
        trials.set(chunk, {
          end: at + second,
          unknown: 0,
          count: 1,
          taken: [chunk],
          other: [sentence.slice(at, at + second).join("")],
        });
      else this.#lives.delete(chunk);
      at += longest;
      last = chunk;
      isKnown = true;
    }
  }

  /** At the end of a document: forgets, and moves what was tried. */
  settle(): void {
    const { life, memoryOut, updateRate } = this.#settings;
    const gone: string[] = [];
    for (const [chunk, left] of this.#lives) {
      if (left <= 1) gone.push(chunk);
      else this.#lives.set(chunk, left - 1);
    }
    for (const chunk of gone) this.#lives.delete(chunk);
    this.#lexicon.remove(gone);
    for (const [chunk, isBack] of this.#moves)
      if (this.#lexicon.has(chunk)) this.#lexicon.move(chunk, isBack, updateRate);
    this.#lexicon.number();
    this.#moves = [];
    this.#seenOnce.clear();
    const { chunks } = this.#lexicon;
    for (const chunk of chunks.slice(Math.trunc((1 - memoryOut) * chunks.length)))
      if (!this.#lives.has(chunk)) this.#lives.set(chunk, life);
  }

  #match(sentence: readonly string[], at: number): readonly [number, number] {
    const end = Math.min(at + this.#settings.maxLength, sentence.length);
    return this.#lexicon.match(sentence, at, end);
  }

  /** What was read last and this chunk, or what was unknown before it, at its second sight. */
  #tryToLearn(last: string, isKnown: boolean, chunk: string, length: number): void {
    const { random, memoryIn, maxLength, miniGap } = this.#settings;
    if (length + 2 > maxLength || random() >= memoryIn) return;
    const lastLength = [...last].length;
    let candidate = "";
    if (!isKnown) candidate = lastLength <= miniGap ? last : "";
    else if (lastLength + length <= maxLength) candidate = last + chunk;
    if (candidate === "" || this.#lexicon.has(candidate)) return;
    if (!this.#seenOnce.delete(candidate)) this.#seenOnce.add(candidate);
    else this.#lexicon.append(candidate);
  }

  /** Ends the trials whose two ways meet at a place. */
  #judge(trials: Map<string, Trial>, sentence: readonly string[], at: number): void {
    for (const [chunk, trial] of trials) {
      while (trial.end < at) this.#readOn(trial, sentence);
      if (trial.end > at) continue;
      trials.delete(chunk);
      if (this.#isWorse(trial)) {
        const shorter = [...chunk].slice(0, -1);
        const [length] = this.#lexicon.match(shorter, 0, shorter.length);
        this.#moves.push([chunk, true], [shorter.slice(0, length).join(""), false]);
      } else {
        this.#moves.push([chunk, false]);
        this.#lives.delete(chunk);
      }
    }
  }

  #readOn(trial: Trial, sentence: readonly string[]): void {
    const [longest] = this.#match(sentence, trial.end);
    trial.other.push(sentence.slice(trial.end, trial.end + longest).join(""));
    if (longest === 0) trial.unknown++;
    trial.count++;
    trial.end += Math.max(longest, 1);
  }

  /** Whether the way that was taken is worse than the other one. */
  #isWorse({ taken, other, unknown, count }: Trial): boolean {
    const known = taken.filter((chunk) => chunk !== "").length;
    const takenUnknown = taken.length - known;
    if (takenUnknown !== unknown) return takenUnknown > unknown;
    if (known !== count) return known > count;
    return this.#places(taken) > this.#places(other);
  }

  #places(chunks: readonly string[]): number {
    return chunks.reduce((sum, chunk) => sum + (this.#lexicon.placeOf(chunk) ?? 0), 0);
  }
}
