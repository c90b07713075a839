/**
 * Measures a tokenizer on a text that goes by once: what it costs, and how it uses its vocabulary.
 *
 * Paper    arXiv:2306.16842 (Rényi efficiency), arXiv:2012.15613 (fertility), arXiv:2510.09947 (STRR), arXiv:2404.08335
 *          (bits a byte of a unigram model)
 * Shapes   texts, or one text in parts  ->  one record
 * Units    characters are code points; bytes are those of UTF-8; rates are shares 0..1; entropy in bits a token
 * Cost     one encoding of the text; O(V + distinct words) memory, no tokens are kept
 * State    counts; `result` may be asked for at any time and changes nothing
 * Differs  a ratio over nothing is 0, never NaN
 * Errors   ArgumentError: a text that is no string, alpha or quantiles that are none
 */
import type { Tokenizer } from "../types.js";
import { unigramTokenCrossEntropy } from "./code-length.js";
import { renyiEfficiency, shannonEntropy, typeCount } from "./entropy.js";
import { type PercentileOptions, percentileFrequency } from "./percentile-frequency.js";
import { BARE, ratio, type WordMeasures, wordMeter } from "./word-costs.js";
import { type WordSplitter, whitespaceWords } from "./words.js";

export interface MeterOptions {
  /** What a word is. It sees stretches that begin and end at white space. Default: `whitespaceWords`. */
  readonly words?: WordSplitter;
  /** Of the Rényi efficiency. Default: 2.5. */
  readonly alpha?: number;
  /** Of the percentile frequency. Default: 0.03 to 0.83. */
  readonly percentile?: PercentileOptions;
}

export interface TokenizerMetrics {
  readonly texts: number;
  readonly tokens: number;
  readonly characters: number;
  readonly bytes: number;
  readonly charactersPerToken: number;
  readonly bytesPerToken: number;
  /** Tokens a text. */
  readonly meanLength: number;
  /** Tokens of the texts over words of the texts: fertility as words stand in them. */
  readonly fertility: number;
  /** Words one by one, without and with a space in front. */
  readonly words: WordMeasures;
  /** Share of the tokens that stand for what the vocabulary lacks. */
  readonly unknownRate: number;
  /** Tokens that occur. */
  readonly types: number;
  readonly vocabularySize: number;
  readonly vocabularyUse: number;
  readonly entropy: number;
  readonly efficiency: Readonly<Record<"shannon" | "renyi", Efficiency>>;
  readonly percentileFrequency: number;
  /** Of the best model that sees single tokens. */
  readonly unigramBitsPerByte: number;
}

/** Over the types that occur, and over the whole vocabulary. */
export interface Efficiency {
  readonly observed: number;
  readonly full: number;
}

export interface TokenizerMeter {
  /** Takes a whole text and says how many tokens it has. */
  add(text: string): number;
  /** Takes the next part of a text. */
  push(part: string): void;
  /** Ends the text whose parts were pushed. */
  end(): void;
  result(): TokenizerMetrics;
}

export function tokenizerMeter(tokenizer: Tokenizer, options: MeterOptions = {}): TokenizerMeter {
  const { words: wordsOf = whitespaceWords, alpha = 2.5, percentile = {} } = options;
  const stream = tokenizer.encoder({ addSpecialTokens: false });
  const words = wordMeter(tokenizer);
  let frequencies = new Float64Array(tokenizer.vocabularySize);
  let texts = 0;
  let tokens = 0;
  let characters = 0;
  let bytes = 0;
  /** A part's end that may go on. */
  let held = "";

  function count(ids: Uint32Array): number {
    for (const id of ids) {
      if (id >= frequencies.length) frequencies = grown(frequencies, id);
      frequencies[id]!++;
    }
    tokens += ids.length;
    return ids.length;
  }

  function read(text: string): void {
    for (const word of wordsOf(text)) words.add(word);
    const size = sizeOf(text);
    characters += size.characters;
    bytes += size.bytes;
  }

  const meter: TokenizerMeter = {
    add(text) {
      const length = count(tokenizer.encode(text, BARE));
      read(text);
      texts++;
      return length;
    },
    push(part) {
      count(stream.push(part));
      const cut = lastSpace(part);
      if (cut < 0) held += part;
      else {
        read(held + part.slice(0, cut));
        held = part.slice(cut);
      }
    },
    end() {
      count(stream.end());
      read(held);
      held = "";
      texts++;
    },
    result() {
      const { unknown } = tokenizer.specialIds;
      const vocabularySize = tokenizer.vocabularySize;
      const efficiency = (order: number): Efficiency => ({
        observed: renyiEfficiency(frequencies, { alpha: order }),
        full: renyiEfficiency(frequencies, { alpha: order, vocabularySize }),
      });
      const measured = words.result();
      const types = typeCount(frequencies);
      return {
        texts,
        tokens,
        characters,
        bytes,
        charactersPerToken: ratio(characters, tokens),
        bytesPerToken: ratio(bytes, tokens),
        meanLength: ratio(tokens, texts),
        fertility: ratio(tokens, measured.words),
        words: measured,
        unknownRate: unknown === undefined ? 0 : ratio(frequencies[unknown] ?? 0, tokens),
        types,
        vocabularySize,
        vocabularyUse: ratio(types, vocabularySize),
        entropy: shannonEntropy(frequencies),
        efficiency: { shannon: efficiency(1), renyi: efficiency(alpha) },
        percentileFrequency: percentileFrequency(frequencies, percentile),
        unigramBitsPerByte: bytes === 0 ? 0 : unigramTokenCrossEntropy(frequencies, bytes),
      };
    },
  };
  // What the options cannot mean is said before a long text is read.
  meter.result();
  return meter;
}

function grown(frequencies: Float64Array, id: number): Float64Array<ArrayBuffer> {
  const more = new Float64Array(Math.max(id + 1, 2 * frequencies.length));
  more.set(frequencies);
  return more;
}

/** The last unit of white space; words never go over it. */
function lastSpace(text: string): number {
  for (let at = text.length - 1; at >= 0; at--) {
    if (/\p{White_Space}/u.test(text[at]!)) return at;
  }
  return -1;
}

/** A lone surrogate is a character of three bytes, those of U+FFFD. */
export function sizeOf(text: string): { readonly characters: number; readonly bytes: number } {
  let characters = 0;
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    characters++;
    if (code < 0x80) bytes++;
    else if (code < 0x800) bytes += 2;
    else if ((code & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      bytes += 4;
      at++;
    } else bytes += 3;
  }
  return { characters, bytes };
}
