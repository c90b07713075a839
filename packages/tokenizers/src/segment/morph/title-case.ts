/**
 * Writes a word with a capital first letter and small others.
 *
 * Paper    none (the title case of Unicode's SpecialCasing, as `capitalize` of Python)
 * Cost     O(length)
 */

/** Title case that is neither upper case nor its first character: digraphs, Greek with iota below. Georgian has none. */
const TITLE = /* @__PURE__ */ [..."ǅǈǋǲᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ"];

export function capitalized(word: string): string {
  const first = String.fromCodePoint(word.codePointAt(0) ?? 0);
  if (word === "") return "";
  const rest = word.slice(first.length);
  // In one piece: what a capital sigma becomes depends on the letters around it.
  return titleOf(first) + (first + rest).toLowerCase().slice(first.toLowerCase().length);
}

function titleOf(character: string): string {
  if (/[ა-ჿ]/.test(character)) return character;
  const lower = character.toLowerCase();
  const title = TITLE.find((letter) => letter.toLowerCase() === lower);
  if (title !== undefined) return title;
  const [first, ...others] = character.toUpperCase();
  if (others.length === 0 || first === "ʼ") return character.toUpperCase();
  return first! + others.join("").toLowerCase();
}
