/** What the page and its worker say to each other: options that serialise, never functions. */

/** A method by its name and its options; the side that runs the model builds it. */
export interface MethodChoice {
  readonly name: "full" | "divprune";
  readonly keepRatio?: number;
}

export interface Question {
  readonly picture: Blob;
  readonly text: string;
  readonly method: MethodChoice;
  readonly maxTokens: number;
}

export interface Part {
  readonly text: string;
  readonly tokenIds: readonly number[];
  /** Only with the last part. */
  readonly summary?: Summary;
}

export interface Summary {
  readonly imageTokens: number;
  readonly keptImageTokens: number;
  readonly newTokens: number;
  /** From the question to the first token. */
  readonly firstMs: number;
  readonly decodeMs: number;
  /** As the back end names it. */
  readonly path: string;
}

export type Progress = (loadedBytes: number, totalBytes: number | undefined) => void;

/** The model wherever it runs: in the page or in a worker. */
export interface Answerer {
  readonly path: string;
  /** Parts as they are written, one a pull; an abort rejects with the signal's reason. */
  ask(question: Question, signal: AbortSignal): AsyncGenerator<Part, void, void>;
  dispose(): void;
}

export type ToWorker =
  | { readonly kind: "load"; readonly model: string }
  | { readonly kind: "ask"; readonly id: number; readonly question: Question }
  | { readonly kind: "next"; readonly id: number }
  | { readonly kind: "abort"; readonly id: number };

export type FromWorker =
  | { readonly kind: "progress"; readonly loadedBytes: number; readonly totalBytes?: number }
  | { readonly kind: "loaded"; readonly path: string }
  | { readonly kind: "part"; readonly id: number; readonly part: Part }
  | { readonly kind: "end"; readonly id: number }
  | {
      readonly kind: "failed";
      readonly id?: number;
      readonly name: string;
      readonly message: string;
    };
