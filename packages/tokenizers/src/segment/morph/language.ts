/**
 * What a morphological tokenizer must know of a language, as data: lower case, and which form of a morpheme fits.
 *
 * Every form of a morpheme has the same id; the form is chosen again at decoding, by rules. All of it can be JSON.
 */

/** All that is given must hold; an empty condition always holds. Letters are told apart by case. */
export interface FormCondition {
  /** Going back from the end of the word before, one of these comes before any other vowel. */
  readonly lastVowel?: string;
  /** The word before is one of these: then `lastVowel` need not hold. */
  readonly orWord?: readonly string[];
  /** The word before ends with one of these characters. */
  readonly endsWith?: string;
  /** There is a next token, whose first form begins with one of these characters. */
  readonly nextStartsWith?: string;
  /** The next token has this id. */
  readonly nextIs?: number;
  /** Nothing follows, or one of the characters that end a word. */
  readonly wordEnds?: true;
}

/** Alternatives: the number of the first whose condition holds, 0 where none does. */
export type FormChoice = readonly (readonly [condition: FormCondition, number: number])[];

/** For the ids from `from` up to `to`, where they have several forms: the sum of the choices is the number of the form. */
export interface FormRule {
  readonly from: number;
  readonly to: number;
  /** Form 0 at the end of the ids, whatever the choices say. */
  readonly needsNext?: true;
  readonly choices: readonly FormChoice[];
}

export interface MorphLanguage {
  readonly name: string;
  /** Replaced one after the other before what Unicode says of lower case. */
  readonly lowerCase: readonly (readonly [from: string, to: string])[];
  readonly vowels: string;
  /** The characters that end a word, for `wordEnds`. */
  readonly wordEnd: string;
  /** An id that no rule names has form 0. */
  readonly forms: readonly FormRule[];
}
