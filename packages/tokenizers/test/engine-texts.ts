/** Pre-tokenizers with a machine of their own, as files hold them, and texts that are hard to split. */

const CASED = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
const LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
const PREFIX = "[^\\r\\n\\p{L}\\p{N}]?";
const SPACES = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

const byteLevel = (useRegex: boolean, addPrefixSpace: boolean) => ({
  type: "ByteLevel",
  add_prefix_space: addPrefixSpace,
  trim_offsets: true,
  use_regex: useRegex,
});
const split = (source: string) => ({
  type: "Split",
  pattern: { Regex: source },
  behavior: "Isolated",
  invert: false,
});
const sequence = (...pretokenizers: object[]) => ({ type: "Sequence", pretokenizers });
const splitting = (...sources: string[]) =>
  sequence(...sources.map(split), byteLevel(false, false));
const cl100k = (digits: string) =>
  `${CASED}|${PREFIX}\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`;
const o200k = (digits: string, tail: string) =>
  `${PREFIX}${UPPER}*${LOWER}+${tail}|${PREFIX}${UPPER}+${LOWER}*${tail}|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`;

export const PRE_TOKENIZERS: readonly (readonly [string, object])[] = [
  ["gpt2", byteLevel(true, false)],
  ["gpt2 with a space", byteLevel(true, true)],
  [
    "gpt2 as a split",
    splitting("'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"),
  ],
  [
    "gpt2 of tiktoken",
    splitting(
      "'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s",
    ),
  ],
  ["starcoder", sequence({ type: "Digits", individual_digits: true }, byteLevel(true, false))],
  ["llama3", splitting(cl100k("\\p{N}{1,3}"))],
  ["qwen2", splitting(cl100k("\\p{N}"))],
  [
    "qwen3.5",
    splitting(
      `${CASED}|${PREFIX}[\\p{L}\\p{M}]+|\\p{N}| ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|${SPACES}`,
    ),
  ],
  ["o200k", splitting(o200k("\\p{N}{1,3}", `${CASED}?`))],
  [
    "o200k, nothing but the matches",
    sequence(
      {
        ...split(o200k("\\p{N}{1,3}", `${CASED}?`).replaceAll("\\r", "\r").replaceAll("\\n", "\n")),
        behavior: "Removed",
        invert: true,
      },
      byteLevel(false, false),
    ),
  ],
  ["superbpe", splitting(o200k("\\p{N}{1,3}", ""))],
  ["tekken", splitting(o200k("\\p{N}", ""))],
  [
    "deepseek-v3",
    splitting(
      "\\p{N}{1,3}",
      "[一-龥぀-ゟ゠-ヿ]+",
      "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
    ),
  ],
];

/** Whitespace of all kinds, contractions, emoji with joiners, marks, cases, lone surrogates, controls, added tokens. */
const UNITS: readonly string[] = [
  ..." \t\n\r\f\v",
  ..." \n '",
  ..."\u0085\u00a0\u1680\u2003\u2028\u3000\ufeff\u200b\u200d\u200c\u2060",
  ...'aAzZeEsStTbc/-_.,!"()<|>{}\\',
  ..."0123456789٣²½Ⅷ୧",
  ..."éßıİſKǅﬁªʰאم한中々〇ー゙あア龥龦一",
  ..."\u0301\u0308\u0e31\u0902\u20e3\ufe0f",
  ..."😀👩🏽🇩🇪𝒜𝒷𞤀𞤢𐀀𠀀\u{1d165}\u{e0100}",
  "\ud83d",
  "\ude00",
  "\0",
  "\x01",
  "\x7f",
  "\ufffd",
  "\uffff",
  "  ",
  "\r\n",
  "'s",
  "'S",
  "'ſ",
  "'ll",
  "'lL",
  "'re",
  "'VE",
  "'d",
  "'m",
  " hello",
  " world",
  "Hello",
  "the",
  "ing",
  "👩‍👩‍👧",
  "é",
  "<s>",
  "</s>",
  "isPrototypeOf",
];

/** A generator of its own, so that a failure is found again by its seed. */
export function drawing(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A text of up to `most` parts; now and then any character at all, or a run of one. */
export function drawnText(draw: (below: number) => number, most: number): string {
  let text = "";
  for (let left = draw(most + 1); left > 0; left--) {
    const kind = draw(20);
    const unit = UNITS[draw(UNITS.length)]!;
    if (kind === 0) text += String.fromCodePoint(draw(0x110000));
    else if (kind === 1) text += unit.repeat(1 + draw(40));
    else if (kind === 2) text += String.fromCharCode(draw(0x3000));
    else text += unit;
  }
  return text;
}
