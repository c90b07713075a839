/**
 * Encodes text with a vocabulary whose tokens may reach over several words, by what happened in training.
 *
 * Paper    BoundlessBPE, arXiv:2504.00178
 * Shapes   text, split by the pattern of the training  ->  tokens in the byte alphabet, ids
 * Cost     O(events that apply times log n) for n bytes
 * Differs  all applicable events wait in a queue; the released code looks through the text for each one
 * Errors   ArgumentError: an event that is none, a token taken out that was never made, a text that is no string; those of
 *          the pattern
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { wellFormed } from "../encoding/options.js";
import type { BoundlessEvent, TrainBoundlessBpeOptions } from "../train/boundless-bpe.js";
import { boundlessWords } from "../train/boundless-pattern.js";
import { byteText, unitsOf } from "../train/byte-text.js";
import { TokenChain } from "../train/token-chain.js";
import { replay } from "./event-replay.js";
import { EventTable } from "./event-table.js";
import type { EventEncoder } from "./picky-bpe.js";

export interface BoundlessBpeModel {
  readonly events: readonly BoundlessEvent[];
  /** By id, in the byte alphabet. */
  readonly vocabulary: readonly string[];
}

/** Those of the training. */
export type BoundlessBpeOptions = Pick<TrainBoundlessBpeOptions, "blowUp" | "pattern">;

const WHERE = "boundlessBpeEncoder";

export function boundlessBpeEncoder(
  { events, vocabulary }: BoundlessBpeModel,
  { blowUp = "bytes", pattern = "ultimate" }: BoundlessBpeOptions = {},
): EventEncoder {
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  const table = tableOf(events, blowUp === "bytes");
  const split = boundlessWords(pattern);

  function tokenize(text: string): string[] {
    const words = split(wellFormed(text)).map((word) => byteText(unitsOf(word)));
    const length = words.reduce((sum, word) => sum + word.length, 0);
    const chain = new TokenChain(length, words.length);
    for (const word of words) {
      chain.addWord(1);
      for (const byte of word) chain.addToken(table.numberOf(byte));
    }
    replay(chain, table);
    return Array.from(chain.places(), (at) => table.tokens.tokens[chain.ids[at]!]!);
  }

  return {
    tokenize,
    encode: (text) =>
      Uint32Array.from(tokenize(text), (token) => {
        const id = ids.get(token);
        if (id === undefined)
          throw new ArgumentError(WHERE, "vocabulary", `with ${JSON.stringify(token)}`, "none");
        return id;
      }),
  };
}

function tableOf(events: readonly BoundlessEvent[], intoBytes: boolean): EventTable {
  const table = new EventTable();
  const madeOf = new Map<string, readonly [string, string]>();
  for (const [i, event] of events.entries()) {
    const [kind, token, right] = event;
    if (kind === "delete") {
      const parts = intoBytes ? [...token] : madeOf.get(token);
      if (parts === undefined)
        throw new ArgumentError(WHERE, `events[${i}]`, "about a token that a merge made", event);
      table.addSplit(token, parts);
    } else if ((kind === "merge" || kind === "supermerge") && right !== undefined) {
      if (kind === "merge") table.addMerge(token, right);
      else table.addWordMerge(token, right);
      if (kind === "merge" && !madeOf.has(token + right)) madeOf.set(token + right, [token, right]);
    } else
      throw new ArgumentError(WHERE, `events[${i}]`, "a merge, a supermerge or a delete", event);
  }
  return table;
}
