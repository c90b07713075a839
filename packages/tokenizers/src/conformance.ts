/**
 * Rules every Tokenizer obeys, under any test runner, in Node or in a page.
 *
 * Use      for (const rule of tokenizerRules(() => loadTokenizer(file))) test(rule.name, rule.check);
 * Needs    with `lossless` (the default) a tokenizer that gives every text back; say false where a normalizer or an
 *          unknown token changes text
 * Errors   ConformanceError naming the rule and the text
 */
import { ConformanceError, FrugalError } from "@frugal/tensor/errors";
import type { Tokenizer } from "./types.js";

export interface Rule {
  readonly name: string;
  check(): Promise<void>;
}

export interface RuleOptions {
  /** `decode(encode(text))` is the text. Default: true. */
  readonly lossless?: boolean;
}

/** What is known of one text when the rules are asked. */
interface Trial {
  readonly tokenizer: Tokenizer;
  readonly text: string;
  readonly ids: Uint32Array;
  readonly lossless: boolean;
}

type Claim = (trial: Trial) => boolean;

const PLAIN = { addSpecialTokens: false } as const;

const TEXTS: readonly string[] = [
  "",
  " ",
  "a",
  "Hello, world!",
  "  two  spaces,\ttab\r\n\n\nend \n",
  "I'm, WE'LL, x'ſy, don't",
  "1234567 3½ ٣٤",
  "naïve cafe\u0301 – “quoted” …",
  "你好，世界。 日本語 한국어 \u1112\u1161\u11ab",
  "👩‍👧 😀\u{1fae8} 𝒜",
  "\ufeffbom \u0085next\u00a0space\u2028line",
  "constructor __proto__ hasOwnProperty isPrototypeOf",
  "tail \ud83d and \ude00 head",
  "\0\x01\x7f",
  "a".repeat(3000),
  "e\u0301\u0323".repeat(200),
];

const RULES: readonly (readonly [string, Claim])[] = [
  ["gives no id for no text", ({ text, ids }) => text !== "" || ids.length === 0],
  [
    "gives the same ids again, in an array of their own",
    ({ tokenizer, text, ids }) => {
      const before = [...ids];
      tokenizer.encode("something else entirely");
      return same(ids, before) && same(tokenizer.encode(text, PLAIN), before);
    },
  ],
  [
    "knows every id it gives",
    ({ tokenizer, ids }) =>
      ids.every((id) => {
        const token = tokenizer.idToToken(id);
        return token !== undefined && tokenizer.tokenToId(token) === id;
      }),
  ],
  [
    "counts what it encodes",
    ({ tokenizer, text, ids }) =>
      tokenizer.count(text, PLAIN) === ids.length &&
      tokenizer.count(text) === tokenizer.encode(text).length,
  ],
  [
    "gives the same ids with offsets",
    ({ tokenizer, text, ids }) => same(tokenizer.encodeWithOffsets(text, PLAIN).ids, ids),
  ],
  [
    "gives offsets that ascend within the text and part no character",
    ({ tokenizer, text }) => areOffsets(tokenizer.encodeWithOffsets(text, PLAIN).offsets, text),
  ],
  [
    "gives the text back",
    ({ tokenizer, text, ids, lossless }) =>
      !lossless || tokenizer.decode(ids) === withoutLone(text),
  ],
  [
    "covers the text with its offsets",
    ({ tokenizer, text, lossless }) =>
      !lossless || covers(tokenizer.encodeWithOffsets(text, PLAIN).offsets, text.length),
  ],
  [
    "reads a lone surrogate as U+FFFD",
    ({ tokenizer, text, ids }) => same(tokenizer.encode(withoutLone(text), PLAIN), ids),
  ],
  ["streams what it decodes, in whole characters", ({ tokenizer, ids }) => streams(tokenizer, ids)],
  [
    "keeps two streams apart",
    ({ tokenizer, ids }) => {
      const [one, two] = [tokenizer.decoder(), tokenizer.decoder()];
      let [left, right] = ["", ""];
      for (const id of ids) {
        left += one.push(id);
        right += two.push(id);
      }
      return left + one.end() === right + two.end();
    },
  ],
  [
    "reads special tokens as text when asked",
    ({ tokenizer, text }) => {
      const special = new Set(tokenizer.specialIds.all);
      const names = [...special].map((id) => tokenizer.idToToken(id) ?? "");
      const options = { addSpecialTokens: false, specialTokensAsText: true };
      return !tokenizer.encode(text + names.join(text), options).some((id) => special.has(id));
    },
  ],
  [
    "finds special tokens in the text, and leaves them out when decoding",
    ({ tokenizer, text, ids, lossless }) =>
      tokenizer.specialIds.all.every((id) => {
        const name = tokenizer.idToToken(id) ?? "";
        const around = tokenizer.encode(text + name, PLAIN);
        const plain = tokenizer.decode(around, { skipSpecialTokens: true });
        return around.includes(id) && (!lossless || plain === tokenizer.decode(ids));
      }),
  ],
  [
    "refuses ids that are no whole numbers",
    ({ tokenizer }) => [-1, 0.5, Number.NaN].every((id) => refuses(() => tokenizer.decode([id]))),
  ],
];

export function tokenizerRules(
  make: () => Tokenizer | Promise<Tokenizer>,
  { lossless = true }: RuleOptions = {},
): readonly Rule[] {
  return RULES.map(([name, holds]) => ({
    name,
    async check() {
      const tokenizer = await make();
      for (const text of TEXTS) {
        const trial = { tokenizer, text, ids: tokenizer.encode(text, PLAIN), lossless };
        if (holds(trial)) continue;
        const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
        throw new ConformanceError(tokenizer.name, name, `the text ${shown}`);
      }
    },
  }));
}

const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  a.length === b.length && Array.from(a).every((value, i) => value === b[i]);

const withoutLone = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

const isLow = (text: string, unit: number): boolean =>
  unit > 0 &&
  (text.charCodeAt(unit) & 0xfc00) === 0xdc00 &&
  (text.charCodeAt(unit - 1) & 0xfc00) === 0xd800;

function areOffsets(offsets: Uint32Array, text: string): boolean {
  if (offsets.length % 2 !== 0) return false;
  let last = 0;
  for (let i = 0; i < offsets.length; i += 2) {
    const [start, end] = [offsets[i]!, offsets[i + 1]!];
    if (start < last || end < start || end > text.length) return false;
    if (isLow(text, start) || isLow(text, end)) return false;
    last = start;
  }
  return true;
}

function covers(offsets: Uint32Array, length: number): boolean {
  let covered = 0;
  for (let i = 0; i < offsets.length; i += 2) {
    if (offsets[i]! > covered) return false;
    covered = Math.max(covered, offsets[i + 1]!);
  }
  return covered === length;
}

function streams(tokenizer: Tokenizer, ids: Uint32Array): boolean {
  const stream = tokenizer.decoder();
  const pieces = [...ids].map((id) => stream.push(id));
  pieces.push(stream.end());
  const whole = tokenizer.decode(ids);
  const faults = (text: string): number => text.split("\ufffd").length;
  return (
    pieces.join("") === whole &&
    pieces.every((piece) => !/\p{Surrogate}/u.test(piece)) &&
    faults(pieces.join("")) === faults(whole)
  );
}

function refuses(act: () => unknown): boolean {
  try {
    act();
    return false;
  } catch (error) {
    return FrugalError.is(error, "ArgumentError");
  }
}
