/**
 * A step between a model's logits and the law that is drawn from.
 *
 * State    scratch only, sized once: the result depends on the logits and the path alone
 */

/** Tokens before the one that is drawn; called only when a processor needs them. */
export type TokenPath = () => Iterable<number>;

export interface LogitProcessor {
  readonly name: string;
  /** Changes `logits` [V] in place; a token that is taken out becomes -Infinity. At least one token stays. */
  apply(logits: Float32Array, path: TokenPath): void;
}
