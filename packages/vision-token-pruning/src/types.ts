/**
 * What a vision-token method is: sessions of steps, each bound to a stage, each giving a map over the image's tokens.
 *
 * Rows     a map, and `TokenState`, cover the image tokens alone: never the class token, never text. At encoder stages of a
 *          model with a class token the signals have one row more, the class token first; the runtime keeps it as row 0
 * Signals  `key` at an encoder stage [heads, rows, D]; `attention` [heads, rows, T]; `layer: "each"` puts the layers in front
 * Decoder  a map at `decoder(n)` covers the image tokens; text rows stay. `attention` of layer n - 1 with rows "last" is
 *          [H, 1, T] over the whole sequence of that layer: the image is columns `first .. first + count`
 * Letters  N image tokens of the request, M rows of a map, C model width, D head width
 */
import type {
  Floats,
  MaybePromise,
  ModelExtras,
  ModelShape,
  Needs,
  Random,
  Signals,
  SparseRows,
  Stage,
} from "@frugal/tensor";

export type { Budget, Floats, ModelShape, Needs, Signals, SparseRows, Stage } from "@frugal/tensor";

/** One image (or video, or set of crops) as the method sees it when a request opens. */
export interface TokenContext {
  /** `encoder.layerCount` counts the layers that run: a model that reads an earlier layer's output says so here. */
  readonly model: ModelShape;
  /** N, without the class token. */
  readonly tokenCount: number;
  /** The token grid, row-major: token t stands in row floor(t / columns). */
  readonly grid: { readonly rows: number; readonly columns: number };
  readonly frames: number;
  readonly crops: readonly {
    readonly row: number;
    readonly column: number;
    readonly start: number;
    readonly rows: number;
    readonly columns: number;
  }[];
  readonly textTokenCount: number;
  /** Column of the first image token in the prompt, before anything is pruned. */
  readonly imageStart: number;
  readonly random: Random;
  readonly extras: ModelExtras;
}

/** The image's tokens as they stand when a step acts. Borrowed for the call: a method changes none of it. */
export interface TokenState {
  readonly count: number;
  /** At decoder stages the column of the first image token in the sequence; 0 at other stages. */
  readonly first: number;
  /** How many original tokens each stands for. */
  readonly sizes: Float32Array;
  /** Position ids relative to the image's first token; 0 .. N - 1 when the request opens. */
  readonly positions: Int32Array;
  /** Current tokens over the original N. */
  readonly origins: SparseRows;
}

/** Every pruning, merging and pooling is a matrix. `applyMap`, `composeMaps`, `restoreTokens` are functions over it. */
export interface TokenMap {
  /** M x count, over the tokens of the state. */
  readonly matrix: SparseRows;
  /** M; not always the row sums. */
  readonly sizes: Float32Array;
  /** Position ids of the new tokens, relative as in `TokenState`; "compact": 0 .. M - 1, and what follows moves up. */
  readonly positions: Int32Array | "compact";
  /** "spatial": rows ascend by the first original token each stands for. */
  readonly order: "spatial" | "official";
  /** count x M; default: the transpose of `matrix`, rows normalised. */
  readonly restoring?: SparseRows;
  /** [M, C] where the new features are not linear in the old; the matrix then records sources. */
  readonly features?: Floats;
  /** Sizes enter attention as log weights in the later layers of the part (encoder or decoder) where the map acts. */
  readonly proportional?: boolean;
}

/** One act of a method at one stage. A method with several stages (ToMe, PyramidDrop) has several steps, in stage order. */
export interface TokenStep<N extends Needs = Needs> {
  readonly stage: Stage;
  readonly needs: N;
  /** null: only looked, changed nothing. */
  act(signals: Signals<N>, state: TokenState): MaybePromise<TokenMap | null>;
}

export interface TokenSession {
  /** Empty: the method is the identity for this request, and nothing is computed for it. */
  readonly steps: readonly TokenStep[];
  /** Also cut the caches of earlier decoder layers at prefillEnd. Otherwise a decoder map acts on later layers only. */
  readonly retroactive?: boolean;
}

export interface TokenMethod {
  readonly name: string;
  /** "question": the result depends on the text, so shared contexts and the prefix store refuse it. */
  readonly dependsOn?: "question";
  readonly extras?: readonly ("forward" | "project")[];
  /** CapabilityError when the model can't supply a signal, before anything runs. */
  open(context: TokenContext): TokenSession;
}
