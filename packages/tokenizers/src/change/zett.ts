/**
 * Rows for a new vocabulary from a hypernetwork that reads how the old tokenizer spells each new token.
 *
 * Paper    ZeTT: Minixhofer et al., Zero-Shot Tokenizer Transfer, arXiv:2405.07883
 * Shapes   surface forms [V_new, S] i32, source rows [V_old, D] (input and output side by side, [V_old, 2 D'], where the
 *          head is not tied)  ->  input [V_new, D'], output [V_new, D'], bias [V_new]
 * Cost     O(V_new layers S h (h + ffn)), once a vocabulary; products by the caller's kernels where given
 * Needs    published weights (names of the reference's state): a projection, a RoBERTa encoder, heads
 * Differs  inference only; T5 encoders, attention between tokens and priors are not read, as in the reference's own port
 * Errors   ArgumentError for a weight that is not there and for forms out of range; ShapeError for one that does not fit;
 *          the signal's reason
 */
import { ArgumentError, ShapeError } from "@frugal/tensor/errors";
import { type JobOptions, Pace } from "../train/pace.js";
import { addInto, encoderOf, gelu, type Linear, layerNorm } from "./encoder.js";
import { checkMatrix, type Matrix, rowOf, zeros } from "./matrix.js";

export interface ZettConfig {
  readonly hiddenSize: number;
  readonly layers: number;
  /** Default: hiddenSize / 64. */
  readonly heads?: number;
  /** Width of one embedding row. */
  readonly embeddingSize: number;
  /** Ids from here on have rows of their own in the hypernetwork. */
  readonly originalVocabularySize: number;
  readonly padTokenId: number;
  /** The model has a head of its own. Default: false. */
  readonly separateOutput?: boolean;
  /** One head gives both rows. Default: false. */
  readonly singleHead?: boolean;
  /** Default: false. */
  readonly rescale?: boolean;
  /** Default: false. */
  readonly predictBias?: boolean;
  /** The number of the language, where the hypernetwork was trained with several. */
  readonly language?: number;
  /** Default 1e-12. */
  readonly layerNormEpsilon?: number;
}

/** A tensor of the state: its dimensions and numbers. */
export interface StateTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface ZettOptions extends JobOptions {
  readonly config: ZettConfig;
  readonly weights: ReadonlyMap<string, StateTensor>;
  /** [V_old, D] */
  readonly source: Matrix;
  /** x [n, in] times weight [out, in], transposed. Default: plain loops; give the product of a back end for large models. */
  readonly product?: (x: Matrix, weight: Matrix) => Matrix;
}

export interface PredictedRows {
  readonly input: Matrix;
  readonly output?: Matrix;
  readonly bias?: Float32Array;
}

/** Tokens that run through the network at once. */
const BATCH = 64;
const PROJECTOR_EPSILON = 1e-6;

export async function predictEmbeddings(
  forms: readonly ArrayLike<number>[],
  options: ZettOptions,
): Promise<PredictedRows> {
  const { config, weights } = options;
  const pace = new Pace(options);
  const state = stateOf(weights, options.product ?? plainProduct);
  const width = config.separateOutput === true ? 2 * config.embeddingSize : config.embeddingSize;
  checkMatrix("predictEmbeddings", options.source, config.originalVocabularySize, width);
  const length = checkedLength(forms, config, state);
  const forward = network(state, options, length);
  const input = zeros(forms.length, config.embeddingSize);
  const output = zeros(config.separateOutput === true ? forms.length : 0, config.embeddingSize);
  const bias = new Float32Array(config.predictBias === true ? forms.length : 0);
  for (let at = 0; at < forms.length; at += BATCH) {
    const rows = forward(forms.slice(at, at + BATCH));
    input.data.set(rows.input.data, at * config.embeddingSize);
    if (rows.output !== undefined) output.data.set(rows.output.data, at * config.embeddingSize);
    if (rows.bias !== undefined) bias.set(rows.bias, at);
    await pace.rest("tokens", Math.min(forms.length, at + BATCH), forms.length);
  }
  return {
    input,
    ...(config.separateOutput === true ? { output } : {}),
    ...(config.predictBias === true ? { bias } : {}),
  };
}

interface State {
  matrix(name: string, rows?: number, columns?: number): Matrix;
  linear(name: string): Linear;
}

function stateOf(
  weights: ReadonlyMap<string, StateTensor>,
  product: (x: Matrix, weight: Matrix) => Matrix,
): State {
  const matrix = (name: string, rows?: number, columns?: number): Matrix => {
    const tensor = weights.get(name);
    if (tensor === undefined)
      throw new ArgumentError("predictEmbeddings", "weights", `a tensor ${name}`, "none");
    const [a = 1, b] = tensor.dims;
    const found = { rows: b === undefined ? 1 : a, columns: b ?? a, data: tensor.data };
    checkMatrix(name, found, rows, columns);
    return found;
  };
  return {
    matrix,
    linear(name) {
      const weight = matrix(`${name}.weight`);
      const bias = matrix(`${name}.bias`, 1, weight.rows).data;
      return (x) => {
        if (x.columns !== weight.columns)
          throw new ShapeError(name, [weight.rows, x.columns], [weight.rows, weight.columns]);
        const out = product(x, weight);
        for (let row = 0; row < out.rows; row++) addInto(rowOf(out, row), bias);
        return out;
      };
    },
  };
}

function checkedLength(
  forms: readonly ArrayLike<number>[],
  config: ZettConfig,
  state: State,
): number {
  const length = forms[0]?.length ?? 0;
  const limit = config.originalVocabularySize + state.matrix("fallback_embeddings.weight").rows;
  for (const form of forms) {
    if (form.length !== length) throw new ShapeError("predictEmbeddings", [length], [form.length]);
    for (let s = 0; s < length; s++)
      if (!(form[s]! >= 0 && form[s]! < limit))
        throw new ArgumentError("predictEmbeddings", "forms", `ids below ${limit}`, form[s]);
  }
  return length;
}

function network(state: State, { config, source }: ZettOptions, length: number) {
  const { hiddenSize, heads = hiddenSize / 64, embeddingSize, language } = config;
  const fallback = state.matrix("fallback_embeddings.weight", undefined, source.columns);
  const rescaled = (name: string): ((rows: Matrix) => void) => {
    if (config.rescale !== true) return () => {};
    const w = state.matrix(`${name}.w`).data;
    const b = state.matrix(`${name}.b`).data;
    return ({ data, columns }) => {
      for (let i = 0; i < data.length; i++) data[i] = w[i % columns]! * data[i]! + b[i % columns]!;
    };
  };
  const projector = (name: string): Linear => {
    const first = state.linear(`${name}.dense1`);
    const second = state.linear(`${name}.dense2`);
    const norm = layerNorm(
      state.matrix(`${name}.ln.weight`).data,
      state.matrix(`${name}.ln.bias`).data,
      PROJECTOR_EPSILON,
    );
    return (x) => {
      const h = second(gelu(first(x), "tanh"));
      gelu(h, "tanh");
      addInto(h.data, x.data);
      return norm(h);
    };
  };
  const head = (name: string): Linear => {
    const block = projector(`${name}.0`);
    const last = state.linear(`${name}.1`);
    return (x) => last(block(x));
  };
  const inScaler = rescaled("in_scaler");
  const project = [state.linear("input_projection.0"), projector("input_projection.1")];
  const encode = encoderOf({
    state,
    prefix: "model",
    layers: config.layers,
    heads,
    epsilon: config.layerNormEpsilon ?? 1e-12,
  });
  const languageRow =
    language === undefined ? undefined : languageVector(state, language, length, hiddenSize);
  const inHead = head("output_projection");
  const isSplit = config.separateOutput === true && config.singleHead === true;
  const outHead =
    config.separateOutput === true && !isSplit ? head("output_projection_out") : undefined;
  const scaler = rescaled("scaler");
  const outScaler = config.separateOutput === true ? rescaled("out_scaler") : () => {};
  const biasHead = config.predictBias === true ? state.linear("bias_projection") : undefined;

  return (forms: readonly ArrayLike<number>[]): PredictedRows => {
    const embedded = zeros(forms.length * length, source.columns);
    forms.forEach((form, token) => {
      for (let s = 0; s < length; s++) rowOf(embedded, token * length + s).set(sourceRow(form[s]!));
    });
    const x = project.reduce((rows, layer) => layer(rows), embedded);
    const places = length + (languageRow === undefined ? 0 : 1);
    const hidden = zeros(forms.length * places, hiddenSize);
    const mask = new Uint8Array(hidden.rows).fill(1);
    forms.forEach((form, token) => {
      for (let s = 0; s < length; s++) {
        rowOf(hidden, token * places + s).set(rowOf(x, token * length + s));
        if (form[s] === config.padTokenId) mask[token * places + s] = 0;
      }
      if (languageRow !== undefined) rowOf(hidden, token * places + length).set(languageRow);
    });
    const first = leading(encode(hidden, mask, places), places);
    const predicted = inHead(first);
    const input = isSplit ? columnsOf(predicted, 0, embeddingSize) : predicted;
    const output = isSplit ? columnsOf(predicted, embeddingSize, embeddingSize) : outHead?.(first);
    scaler(input);
    if (output !== undefined) outScaler(output);
    return {
      input,
      ...(output === undefined ? {} : { output }),
      ...(biasHead === undefined ? {} : { bias: biasHead(first).data }),
    };
  };

  function sourceRow(id: number): Float32Array {
    if (id >= config.originalVocabularySize)
      return rowOf(fallback, id - config.originalVocabularySize);
    const row = { rows: 1, columns: source.columns, data: rowOf(source, id).slice() };
    inScaler(row);
    return row.data;
  }
}

/** Less what the encoder adds to every place, so that it comes out as it was trained. */
function languageVector(
  state: State,
  language: number,
  length: number,
  hiddenSize: number,
): Float32Array {
  const languages = state.matrix("lang_embeddings.weight", undefined, hiddenSize);
  if (!(Number.isInteger(language) && language >= 0 && language < languages.rows))
    throw new ArgumentError(
      "predictEmbeddings",
      "language",
      `a number below ${languages.rows}`,
      language,
    );
  const types = state.matrix("model.embeddings.token_type_embeddings.weight");
  const positions = state.matrix("model.embeddings.position_embeddings.weight");
  const place = rowOf(positions, length);
  return rowOf(languages, language).map((value, c) => value - types.data[c]! - place[c]!);
}

function leading(hidden: Matrix, places: number): Matrix {
  const out = zeros(hidden.rows / places, hidden.columns);
  for (let row = 0; row < out.rows; row++) rowOf(out, row).set(rowOf(hidden, row * places));
  return out;
}

function columnsOf(matrix: Matrix, from: number, count: number): Matrix {
  const out = zeros(matrix.rows, count);
  for (let row = 0; row < out.rows; row++)
    rowOf(out, row).set(rowOf(matrix, row).subarray(from, from + count));
  return out;
}

function plainProduct(x: Matrix, weight: Matrix): Matrix {
  const out = zeros(x.rows, weight.rows);
  for (let row = 0; row < x.rows; row++) {
    const from = rowOf(x, row);
    for (let o = 0; o < weight.rows; o++) {
      const w = rowOf(weight, o);
      let sum = 0;
      for (let c = 0; c < from.length; c++) sum += from[c]! * w[c]!;
      out.data[row * weight.rows + o] = sum;
    }
  }
  return out;
}
