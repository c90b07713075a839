/**
 * Cuts words into roots and suffixes by dictionaries; all forms of a morpheme have one id.
 *
 * Paper    Tokens with Meaning, arXiv:2508.14292, by the released tokenizer for Turkish
 * Shapes   text  ->  ids; at each place the longest root, else the longest suffix, else the longest subword
 * Cost     O(n L) for n units and a longest entry of L; `lossless` decodes once more
 * Differs  the language is data: other dictionaries and rules make a tokenizer for it. The released decoder fails where a
 *          marker of upper case stands before an id it does not know; here that is written as `▁`. `lossless` is ours: a
 *          part of the text between spaces that would not come back as it was is given as bytes, by 256 further ids
 * Errors   ArgumentError: dictionaries without the markers, an id that is no whole number, see form-chooser.ts
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { wellFormed } from "../../encoding/options.js";
import { ID_LIMIT } from "../../limits.js";
import { type Prefixes, prefixes } from "../../models/prefixes.js";
import type { TextCodec } from "../../types.js";
import { FormChooser, type Forms } from "./form-chooser.js";
import type { MorphLanguage } from "./language.js";
import { MorphWriter } from "./morph-writer.js";

/** Forms with their ids; where an id has several forms their order is that of the rules. */
export type MorphEntries = Iterable<readonly [form: string, id: number]>;

export interface MorphDictionaries {
  /** Also `<uppercase>`, `<unknown>` and the space. */
  readonly roots: MorphEntries;
  readonly suffixes: MorphEntries;
  readonly subwords: MorphEntries;
}

export interface MorphOptions {
  readonly language: MorphLanguage;
  /** Every text comes back as it was. Default: false. */
  readonly lossless?: boolean;
}

export interface MorphTokenizer extends TextCodec {
  encode(text: string): Uint32Array;
  decode(ids: ArrayLike<number>): string;
  /** The text that each id stands for, markers by their names and bytes as `<0xNN>`. */
  tokenize(text: string): string[];
  /** Ids are below it. */
  readonly vocabularySize: number;
}

const WHERE = "morphTokenizer";
const BEFORE_UPPER = /(?=\p{Uppercase})/u;
const STARTS_UPPER = /^\p{Uppercase}/u;

interface Table {
  readonly ids: ReadonlyMap<string, number>;
  readonly trie: Prefixes | null;
}

export function morphTokenizer(
  dictionaries: MorphDictionaries,
  { language, lossless = false }: MorphOptions,
): MorphTokenizer {
  const { roots, suffixes, subwords } = dictionaries;
  const tables = [
    tableOf("roots", roots),
    tableOf("suffixes", suffixes),
    tableOf("subwords", subwords),
  ];
  const marker = (name: string): number => {
    const id = tables[0]!.ids.get(name);
    if (id === undefined)
      throw new ArgumentError(WHERE, "roots", `with ${JSON.stringify(name)}`, "none");
    return id;
  };
  const markers = {
    upperCase: marker("<uppercase>"),
    unknown: marker("<unknown>"),
    space: marker(" "),
  };
  const forms = formsOf(tables);
  const byteStart = Math.max(...forms.keys()) + 1;
  const chooser = new FormChooser(language, forms);
  const writer = (): MorphWriter =>
    new MorphWriter(forms, chooser, markers, lossless ? byteStart : Number.POSITIVE_INFINITY);

  /** The morphemes of a part without spaces. */
  function cutPart(part: string, ids: number[], tokens: string[]): void {
    for (const segment of part.split(BEFORE_UPPER)) {
      if (STARTS_UPPER.test(segment)) {
        ids.push(markers.upperCase);
        tokens.push("<uppercase>");
      }
      const lower = lowered(segment, language);
      for (let at = 0; at < lower.length; ) at = cutMorpheme(lower, at, ids, tokens);
    }
  }

  function cutMorpheme(lower: string, at: number, ids: number[], tokens: string[]): number {
    for (const { ids: known, trie } of tables) {
      const length = trie?.match(lower, at) ?? 0;
      if (length === 0) continue;
      const form = lower.slice(at, at + length);
      ids.push(known.get(form)!);
      tokens.push(form);
      return at + length;
    }
    ids.push(markers.unknown);
    tokens.push("<unknown>");
    return at + (lower.codePointAt(at)! > 0xffff ? 2 : 1);
  }

  function cut(given: string): { ids: number[]; tokens: string[] } {
    const ids: number[] = [];
    const tokens: string[] = [];
    const check = lossless ? writer() : null;
    const parts = wellFormed(given).split(" ");
    for (const [i, part] of parts.entries()) {
      const start = ids.length;
      if (!isBlank(part)) cutPart(part, ids, tokens);
      const isLast = i === parts.length - 1;
      if (check !== null && check.write(ids.slice(start), isLast ? -1 : markers.space) !== part) {
        ids.length = start;
        tokens.length = start;
        check.takeBack();
        for (const byte of new TextEncoder().encode(part)) {
          ids.push(byteStart + byte);
          tokens.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
        }
      }
      if (isLast) break;
      ids.push(markers.space);
      tokens.push(" ");
    }
    return { ids, tokens };
  }

  return {
    name: `morph-${language.name}`,
    encode: (text) => Uint32Array.from(cut(text).ids),
    tokenize: (text) => cut(text).tokens,
    decode: (ids) => writer().write(checked(ids), -1),
    vocabularySize: byteStart + (lossless ? 256 : 0),
  };
}

/** What Python strips is white space, to which it counts the four separators from U+001C on. */
function isBlank(part: string): boolean {
  for (let i = 0; i < part.length; i++) {
    const unit = part.charCodeAt(i);
    if ((unit < 0x1c || unit > 0x1f) && !/\p{White_Space}/u.test(part[i]!)) return false;
  }
  return true;
}

function tableOf(name: string, entries: MorphEntries): Table {
  const ids = new Map<string, number>();
  for (const [form, id] of entries) {
    if (typeof form !== "string" || form === "")
      throw new ArgumentError(WHERE, name, "made of texts that are not empty", form);
    if (!Number.isInteger(id) || id < 0 || id >= ID_LIMIT)
      throw new ArgumentError(WHERE, `${name}: ${form}`, `a whole number below ${ID_LIMIT}`, id);
    ids.set(form, id);
  }
  return { ids, trie: prefixes(ids.keys()) };
}

/** Of a form that is in several dictionaries the last id counts. */
function formsOf(tables: readonly Table[]): Forms {
  const idOf = new Map(tables.flatMap(({ ids }) => [...ids]));
  const forms = new Map<number, string[]>();
  for (const [form, id] of idOf) {
    const known = forms.get(id);
    if (known === undefined) forms.set(id, [form]);
    else known.push(form);
  }
  return forms;
}

function lowered(text: string, { lowerCase }: MorphLanguage): string {
  return lowerCase.reduce((done, [from, to]) => done.replaceAll(from, to), text).toLowerCase();
}

function checked(ids: ArrayLike<number>): number[] {
  return Array.from(ids, (id) => {
    if (!Number.isInteger(id) || id < 0)
      throw new ArgumentError(WHERE, "id", "a whole number from 0 up", id);
    return id;
  });
}
