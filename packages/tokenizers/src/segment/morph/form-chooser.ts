/**
 * Chooses the form of a morpheme by the word before it and the token behind it.
 *
 * Cost     O(length of the word before) a choice
 * Errors   ArgumentError: a morpheme with fewer forms than a rule may ask for, rules that overlap
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { FormCondition, FormRule, MorphLanguage } from "./language.js";

/** What stands around a token. */
export interface FormContext {
  /** The last word that was written; "" where there is none. */
  readonly word: string;
  /** -1: nothing follows. */
  readonly nextId: number;
  /** The first form of the next token; "" where nothing follows. */
  readonly next: string;
}

/** Every form of each id, the first one first. */
export type Forms = ReadonlyMap<number, readonly string[]>;

export class FormChooser {
  readonly #rules: readonly FormRule[];
  readonly #language: MorphLanguage;

  constructor(language: MorphLanguage, forms: Forms) {
    this.#language = language;
    this.#rules = [...language.forms].sort((a, b) => a.from - b.from);
    this.#rules.forEach(({ from }, i) => {
      if (i > 0 && this.#rules[i - 1]!.to > from)
        throw new ArgumentError("morphTokenizer", "language.forms", "without overlap", from);
    });
    for (const [id, texts] of forms) {
      const most = texts.length === 1 ? 0 : highest(this.#ruleOf(id));
      if (most >= texts.length)
        throw new ArgumentError(
          "morphTokenizer",
          "dictionaries",
          `with ${most + 1} forms of the id ${id}`,
          texts,
        );
    }
  }

  choose(id: number, context: FormContext): number {
    const rule = this.#ruleOf(id);
    if (rule === undefined || (rule.needsNext && context.nextId < 0)) return 0;
    let form = 0;
    for (const choice of rule.choices)
      form += choice.find(([condition]) => this.#holds(condition, context))?.[1] ?? 0;
    return form;
  }

  #ruleOf(id: number): FormRule | undefined {
    let low = 0;
    let high = this.#rules.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#rules[middle]!.to <= id) low = middle + 1;
      else high = middle;
    }
    const rule = this.#rules[low];
    return rule !== undefined && rule.from <= id ? rule : undefined;
  }

  #holds(condition: FormCondition, { word, nextId, next }: FormContext): boolean {
    const { lastVowel, orWord, endsWith, nextStartsWith, nextIs, wordEnds } = condition;
    if (
      lastVowel !== undefined &&
      !orWord?.includes(word) &&
      !endsIn(word, lastVowel, this.#language.vowels)
    )
      return false;
    if (endsWith !== undefined && !endsWith.includes(word.at(-1) ?? NONE)) return false;
    if (nextStartsWith !== undefined && !nextStartsWith.includes(next[0] ?? NONE)) return false;
    if (nextIs !== undefined && nextId !== nextIs) return false;
    return wordEnds === undefined || nextId < 0 || this.#language.wordEnd.includes(next);
  }
}

/** In no list of letters. */
const NONE = "\0";

/** Whether, from the end of the word back, one of `letters` comes before a vowel that is none of them. */
function endsIn(word: string, letters: string, vowels: string): boolean {
  for (let i = word.length - 1; i >= 0; i--) {
    if (letters.includes(word[i]!)) return true;
    if (vowels.includes(word[i]!)) return false;
  }
  return false;
}

/** The highest number that a rule may come to. */
function highest(rule: FormRule | undefined): number {
  const choices = rule?.choices ?? [];
  return choices.reduce(
    (sum, choice) => sum + choice.reduce((most, [, number]) => Math.max(most, number), 0),
    0,
  );
}
