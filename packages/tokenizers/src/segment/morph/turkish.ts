/** Turkish, as the released hybrid tokenizer decodes it: vowel harmony, softened consonants, buffer letters. */
import type { FormChoice, FormCondition, MorphLanguage } from "./language.js";

const VOWELS = "aeıioöuüâ";
const FRONT: FormCondition = {
  lastVowel: "eiöü",
  orWord: ["saat", "kilovatsaat", "ziraat", "itaat", "istikbal"],
};
/** ler behind a front vowel. */
const TWOFOLD: FormChoice = [[FRONT, 1]];
/** ın, in, un, ün. */
const FOURFOLD: FormChoice = [
  [{ lastVowel: "aıâ" }, 0],
  [{ lastVowel: "ei" }, 1],
  [{ lastVowel: "ou" }, 2],
  [{}, 3],
];
const afterHard = (number: number): FormChoice => [[{ endsWith: "fstkçşhp" }, number]];
const afterVowel = (number: number): FormChoice => [[{ endsWith: VOWELS }, number]];
const beforeVowel = (number: number): FormChoice => [[{ nextStartsWith: VOWELS }, number]];

/** The ids are those of the released dictionaries. */
export const TURKISH: MorphLanguage = {
  name: "tr",
  lowerCase: [
    ["İ", "i"],
    ["I", "ı"],
  ],
  vowels: VOWELS,
  wordEnd: " \n\t",
  forms: [
    // kitap, kitab; ten roots have a third form before ı.
    {
      from: 100,
      to: 110,
      choices: [
        [
          [{ nextStartsWith: VOWELS }, 1],
          [{ nextIs: 20034 }, 2],
        ],
      ],
    },
    { from: 110, to: 2080, choices: [[[{ nextStartsWith: VOWELS }, 1]]] },
    // oyna, oynu before yor.
    { from: 2080, to: 2315, choices: [[[{ nextIs: 20041 }, 1]]] },
    { from: 20000, to: 20013, choices: [TWOFOLD] },
    { from: 20013, to: 20023, choices: [FOURFOLD] },
    // la, le, yla, yle.
    { from: 20023, to: 20024, choices: [TWOFOLD, [[{ endsWith: VOWELS, wordEnds: true }, 2]]] },
    // da, de, ta, te.
    { from: 20024, to: 20026, choices: [TWOFOLD, afterHard(2)] },
    // dı and so on, tı and so on.
    { from: 20026, to: 20029, choices: [FOURFOLD, afterHard(4)] },
    // lık and so on, lığ and so on.
    { from: 20029, to: 20030, needsNext: true, choices: [FOURFOLD, beforeVowel(4)] },
    // cık, çık, cığ, çığ and so on.
    { from: 20030, to: 20031, needsNext: true, choices: [FOURFOLD, afterHard(4), beforeVowel(8)] },
    // mak, mek, may, mey.
    { from: 20031, to: 20032, needsNext: true, choices: [TWOFOLD, beforeVowel(2)] },
    // acak, ecek, acağ, eceğ, yacak and so on.
    { from: 20032, to: 20033, choices: [TWOFOLD, beforeVowel(2), afterVowel(4)] },
  ],
};
