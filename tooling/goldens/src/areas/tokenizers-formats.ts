/** SentencePiece models and .tiktoken files. */
import { loadTokenizer, readSentencePiece, type Tokenizer } from "@frugal/tokenizers";
import {
  type CaseRunner,
  type Context,
  type GoldenCase,
  MissingError,
  numbersOf,
} from "../types.js";
import { bytesOf, isRefused, jsonOf, textsOf } from "./tokenizers-files.js";

const modelOf = async ({ inputs, params }: GoldenCase, context: Context): Promise<Tokenizer> =>
  loadTokenizer(await bytesOf(inputs.model, context), {
    sentencePiece: { addBos: params.addBos === true, addEos: params.addEos === true },
  });

/** As many pieces as the cases name. */
const PIECES = 40;

const spLoadCase: CaseRunner = async ({ inputs }, context) => {
  const { pieces, types, scores, ids } = readSentencePiece(await bytesOf(inputs.model, context));
  return {
    pieces: pieces.slice(0, PIECES),
    types,
    scores: scores.slice(0, PIECES),
    size: pieces.length,
    unkId: ids.unk,
    bosId: ids.bos,
    eosId: ids.eos,
    padId: ids.pad,
  };
};

const encoder = new TextEncoder();

const spEncodeCase: CaseRunner = async (golden, context) => {
  const tokenizer = await modelOf(golden, context);
  const texts = await textsOf(golden.inputs.texts, context);
  const encodings = texts.map((text) => tokenizer.encodeInput({ text }, { surfaces: true }));
  const surfaces = encodings.map(({ ids, offsets }) => surfacesOf(ids, offsets, tokenizer));
  encodings.forEach(({ ids }, i) => {
    if (tokenizer.encode(texts[i]!).join() !== ids.join()) throw new TypeError("encode differs");
  });
  return {
    ids: encodings.map(({ ids }) => ids),
    surfaces,
    surfacesBytes: surfaces.map((spans, i) =>
      spans.flat().map((unit) => encoder.encode(texts[i]!.slice(0, unit)).length),
    ),
    pieces: encodings.map(({ ids, surfaces: normal }) =>
      Array.from(ids, (id, i) =>
        id === tokenizer.specialIds.unknown ? normal![i] : tokenizer.idToToken(id),
      ),
    ),
  };
};

/** The reference gives a character in bytes to the last of them. */
function surfacesOf(ids: Uint32Array, offsets: Uint32Array, tokenizer: Tokenizer): number[][] {
  const byteAt = (i: number): number => {
    const found = /^<0x([0-9A-F]{2})>$/.exec(tokenizer.idToToken(ids[i] ?? -1) ?? "");
    return found === null ? -1 : Number.parseInt(found[1]!, 16);
  };
  return Array.from(ids, (_, i) => {
    const goesOn = byteAt(i) >= 0 && (byteAt(i + 1) & 0xc0) === 0x80 && byteAt(i + 1) >= 0;
    const [start, end] = [offsets[i * 2]!, offsets[i * 2 + 1]!];
    return goesOn ? [start, start] : [start, end];
  });
}

const spDecodeCase: CaseRunner = async (golden, context) => {
  const tokenizer = await modelOf(golden, context);
  const lists = (await jsonOf(golden.inputs.ids, context)) as readonly number[][];
  return { texts: lists.map((ids) => tokenizer.decode(ids)) };
};

const spNormalizeCase: CaseRunner = async (golden, context) => {
  const tokenizer = await modelOf(golden, context);
  const texts = await textsOf(golden.inputs.texts, context);
  return { texts: texts.map((text) => tokenizer.normalize(text)) };
};

const tiktokenOf = async ({ inputs, params }: GoldenCase, context: Context): Promise<Tokenizer> =>
  loadTokenizer(await bytesOf(inputs.ranks, context), {
    tiktoken: {
      pattern: params.pattern as string,
      specialTokens: params.specialTokens as Record<string, number>,
    },
  });

const tiktokenEncodeCase: CaseRunner = async (golden, context) => {
  const tokenizer = await tiktokenOf(golden, context);
  const texts = await textsOf(golden.inputs.texts, context);
  const all = Object.keys(golden.params.specialTokens as object);
  const listed = (value: unknown): readonly string[] =>
    value === "all" ? all : (value as string[]);
  const allowed = listed(golden.params.allowedSpecial);
  const options = {
    specialTokensAsText: all.filter((token) => !allowed.includes(token)),
    refuseSpecialTokens: listed(golden.params.disallowedSpecial).filter(
      (token) => !allowed.includes(token),
    ),
  };
  const work = (text: string) => tokenizer.encode(text, options);
  if (golden.expect.throws === undefined) return { ids: texts.map(work) };
  return { throws: await Promise.all(texts.map((text) => isRefused(async () => work(text)))) };
};

const tiktokenDecodeCase: CaseRunner = async (golden, context) => {
  const tokenizer = await tiktokenOf(golden, context);
  const lists = ((await jsonOf(golden.inputs.ids, context)) as readonly number[][]).map(numbersOf);
  return {
    texts: lists.map((ids) => tokenizer.decode(ids)),
    bytes: lists.map((ids) => tokenizer.decodeBytes(ids)),
  };
};

const tiktokenOffsetsCase: CaseRunner = async (golden, context) => {
  const tokenizer = await tiktokenOf(golden, context);
  const lists = ((await jsonOf(golden.inputs.ids, context)) as readonly number[][]).map(numbersOf);
  const decoded = lists.map((ids) => tokenizer.decodeWithStarts(ids));
  return {
    texts: decoded.map(({ text }) => text),
    starts: decoded.map(({ starts }) => starts),
    startsCodePoints: decoded.map(({ text, starts }) =>
      Array.from(starts, (start) => [...text.slice(0, start)].length),
    ),
  };
};

const missing =
  (what: string): CaseRunner =>
  async () => {
    throw new MissingError(what);
  };

export const tokenizerFormatCases: Record<string, CaseRunner> = {
  "sentencepiece-load": spLoadCase,
  "sentencepiece-encode": spEncodeCase,
  "sentencepiece-decode": spDecodeCase,
  "sentencepiece-normalize": spNormalizeCase,
  "tiktoken-encode": tiktokenEncodeCase,
  "tiktoken-decode": tiktokenDecodeCase,
  "tiktoken-decode-offsets": tiktokenOffsetsCase,
  "tiktoken-unstable": missing("unstable completions"),
};
