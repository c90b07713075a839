/** tokenizer.json: encoding in all its forms, and single components. */
import type { EncodeInput, EncodeOptions, InputEncoding, Tokenizer } from "@frugal/tokenizers";
import type { CaseRunner, Context, GoldenCase, GoldenValue } from "../types.js";
import { numbersOf } from "../types.js";
import {
  componentOf,
  inCodePoints,
  isRefused,
  jsonOf,
  textsOf,
  tokenizerOf,
} from "./tokenizers-files.js";
import { dropsUnknown, misplaced } from "./tokenizers-places.js";

/** Every value that a case may ask for, a list entry for each text. */
function described(
  inputs: readonly EncodeInput[],
  encodings: readonly InputEncoding[],
  tokenizer: Tokenizer,
  unigramUnknown: number,
): Record<string, unknown> {
  const each = (get: (encoding: InputEncoding, i: number) => unknown) => encodings.map(get);
  const orNull = (values: ArrayLike<number>) => Array.from(values, (v) => (v < 0 ? null : v));
  return {
    ids: each(({ ids }) => ids),
    offsets: each(({ offsets }) => offsets),
    offsetsCodePoints: each(({ offsets, wordIds }, i) => codePoints(inputs[i]!, offsets, wordIds)),
    wordIds: each(({ wordIds }) => orNull(wordIds)),
    tokens: each((encoding) => tokensOf(encoding, tokenizer, unigramUnknown)),
    typeIds: each(({ typeIds }) => typeIds),
    specialTokensMask: each(({ specialTokensMask }) => specialTokensMask),
    attentionMask: each(({ attentionMask }) => attentionMask),
    sequenceIds: each(({ sequenceIds }) => orNull(sequenceIds)),
    overflowing: each(({ overflowing }) => overflowing.map(({ ids }) => ids)),
  };
}

/** The reference names added tokens, and unknown ones of a Unigram model, by the text that they stand for. */
function tokensOf(
  { ids, surfaces }: InputEncoding,
  tokenizer: Tokenizer,
  unigramUnknown: number,
): (string | undefined)[] {
  return Array.from(ids, (id, i) => {
    const token = tokenizer.idToToken(id)!;
    const surface = surfaces![i]!;
    const stripped = surface.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
    const isText = stripped === token || stripped === tokenizer.normalize(token);
    return isText || (id === unigramUnknown && surface !== "") ? surface : token;
  });
}

const fileOf = async (value: GoldenValue | undefined, context: Context) =>
  (await jsonOf(value, context)) as {
    readonly model: { readonly type: string; readonly unk_id?: number };
  };

async function unigramUnknownOf(value: GoldenValue | undefined, context: Context): Promise<number> {
  const { model } = await fileOf(value, context);
  return model.type === "Unigram" ? (model.unk_id ?? -1) : -1;
}

/** Of a text in words, offsets count within each word. */
function codePoints({ text }: EncodeInput, offsets: Uint32Array, wordIds: Int32Array): number[] {
  if (typeof text === "string") return inCodePoints(text, offsets);
  return Array.from(wordIds).flatMap((word, i) =>
    inCodePoints(text[word] ?? "", offsets.subarray(i * 2, i * 2 + 2)),
  );
}

const asInput = (text: unknown): EncodeInput =>
  Array.isArray(text)
    ? { text: text[0] as string, pair: text[1] as string }
    : { text: text as string };

const optionsOf = ({ params }: GoldenCase): EncodeOptions => ({
  surfaces: true,
  addSpecialTokens: params.addSpecialTokens === true,
});

type Inputs = (golden: GoldenCase, texts: readonly unknown[]) => readonly EncodeInput[];

/** Each input by itself, after `change` took the place of fields of the file. */
const encodeCase =
  (
    key: string,
    inputsOf: Inputs,
    change: (golden: GoldenCase) => Record<string, GoldenValue>,
  ): CaseRunner =>
  async (golden, context) => {
    const work = async (): Promise<Record<string, unknown>> => {
      const tokenizer = await tokenizerOf(golden.inputs.tokenizer, context, change(golden));
      const texts = await jsonOf(golden.inputs[key] ?? golden.inputs.texts, context);
      const inputs = inputsOf(golden, texts as readonly unknown[]);
      const found = inputs.map((input) => tokenizer.encodeInput(input, optionsOf(golden)));
      checkPlain(tokenizer, inputs, found, optionsOf(golden));
      const isMoved = dropsUnknown(await fileOf(golden.inputs.tokenizer, context));
      const encodings = found.map((encoding, i) => {
        const { text, pair } = inputs[i]!;
        if (!isMoved || typeof text !== "string" || pair !== undefined) return encoding;
        return { ...encoding, offsets: misplaced(text, encoding, tokenizer) };
      });
      const unigramUnknown = await unigramUnknownOf(golden.inputs.tokenizer, context);
      return described(inputs, encodings, tokenizer, unigramUnknown);
    };
    return golden.expect.throws === true ? { throws: await isRefused(work) } : work();
  };

/** `encode`, `count` and the stream give the same ids as the full encoding. */
function checkPlain(
  tokenizer: Tokenizer,
  inputs: readonly EncodeInput[],
  encodings: readonly InputEncoding[],
  options: EncodeOptions,
): void {
  inputs.forEach(({ text, pair }, i) => {
    if (typeof text !== "string" || pair !== undefined) return;
    const ids = encodings[i]!.ids.join();
    if (tokenizer.encode(text, options).join() !== ids) throw new TypeError("encode differs");
    if (tokenizer.count(text, options) !== encodings[i]!.ids.length)
      throw new TypeError("count differs");
    const whole = tokenizer.encode(text, { ...options, truncation: null, padding: null });
    if (streamed(tokenizer, text, options).join() !== whole.join())
      throw new TypeError(`the stream differs on ${JSON.stringify(text)}`);
  });
}

function streamed(tokenizer: Tokenizer, text: string, options: EncodeOptions): number[] {
  const encoder = tokenizer.encoder(options);
  const ids: number[] = [];
  for (let at = 0; at < text.length; at += 3) ids.push(...encoder.push(text.slice(at, at + 3)));
  return [...ids, ...encoder.end()];
}

const fields =
  (...keys: readonly string[]) =>
  ({ params }: GoldenCase): Record<string, GoldenValue> =>
    Object.fromEntries(keys.filter((key) => key in params).map((key) => [key, params[key]!]));

const batchCase: CaseRunner = async (golden, context) => {
  const change = fields("truncation", "padding")(golden);
  const tokenizer = await tokenizerOf(golden.inputs.tokenizer, context, change);
  const texts = await jsonOf(golden.inputs.texts ?? golden.inputs.pairs, context);
  const inputs = (texts as readonly unknown[]).map(asInput);
  const unigramUnknown = await unigramUnknownOf(golden.inputs.tokenizer, context);
  return described(
    inputs,
    tokenizer.encodeBatch(inputs, optionsOf(golden)),
    tokenizer,
    unigramUnknown,
  );
};

const normalizeCase: CaseRunner = async ({ params, inputs }, context) => {
  const tokenizer =
    params.normalizer === null
      ? await tokenizerOf(inputs.tokenizer, context)
      : await componentOf({ normalizer: params.normalizer });
  return { texts: (await textsOf(inputs.texts, context)).map((text) => tokenizer.normalize(text)) };
};

const preTokenizeCase: CaseRunner = async ({ params, inputs }, context) => {
  const tokenizer = await componentOf({ pre_tokenizer: params.preTokenizer });
  const texts = await textsOf(inputs.texts, context);
  const split = texts.map((text) => tokenizer.preTokenize(text));
  return {
    pieces: split.map(({ pieces }) => pieces),
    offsets: split.map(({ offsets }) => offsets),
    offsetsCodePoints: split.map(({ offsets }, i) => inCodePoints(texts[i]!, offsets)),
  };
};

const decodeTokensCase: CaseRunner = async ({ params, inputs }) => {
  const lists = inputs.tokens as readonly (readonly string[])[];
  const tokenizer = await componentOf({ decoder: params.decoder }, lists.flat());
  return {
    texts: lists.map((tokens) =>
      tokenizer.decode(tokens.map((token) => tokenizer.tokenToId(token)!)),
    ),
  };
};

const idLists = async (value: GoldenValue | undefined, context: Context) =>
  ((await jsonOf(value, context)) as readonly GoldenValue[]).map((ids) => numbersOf(ids));

const decodeCase: CaseRunner = async (golden, context) => {
  const tokenizer = await tokenizerOf(golden.inputs.tokenizer, context, fields("decoder")(golden));
  const options = { skipSpecialTokens: golden.params.skipSpecialTokens === true };
  const ids = await idLists(golden.inputs.ids, context);
  return { texts: ids.map((list) => tokenizer.decode(list, options)) };
};

const decodeStreamCase: CaseRunner = async (golden, context) => {
  const tokenizer = await tokenizerOf(golden.inputs.tokenizer, context, fields("decoder")(golden));
  const options = { skipSpecialTokens: golden.params.skipSpecialTokens === true };
  const ids = await idLists(golden.inputs.ids, context);
  return {
    chunks: ids.map((list) => {
      const stream = tokenizer.decoder(options);
      return list.map((id) => stream.push(id) || null);
    }),
  };
};

const loadCase: CaseRunner = async ({ inputs }, context) => ({
  throws: await isRefused(() => tokenizerOf(inputs.tokenizer, context)),
});

const everyText: Inputs = (_, texts) => texts.map(asInput);
const everyWords: Inputs = (_, texts) => texts.map((words) => ({ text: words as string[] }));
const asInFile = () => ({});

export const tokenizerCases: Record<string, CaseRunner> = {
  encode: encodeCase("texts", everyText, asInFile),
  "encode-pair": encodeCase("pairs", everyText, asInFile),
  "encode-words": encodeCase("words", everyWords, asInFile),
  truncate: encodeCase("pairs", everyText, fields("truncation")),
  "encode-batch": batchCase,
  normalize: normalizeCase,
  "pre-tokenize": preTokenizeCase,
  "decode-tokens": decodeTokensCase,
  decode: decodeCase,
  "decode-stream": decodeStreamCase,
  "load-tokenizer-json": loadCase,
};
