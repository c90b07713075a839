/**
 * Encodes text with a vocabulary that was trained with removals, by what happened in training.
 *
 * Paper    PickyBPE, arXiv:2409.04599
 * Shapes   text, cut at white space  ->  tokens, ids
 * Cost     O(events that apply times log n) for n characters
 * Differs  an event is applied once; the released code looks for events from the last one on, which finds the same ones
 * Errors   ArgumentError: an event that is none, a split into other text, an unknown token that is not in the vocabulary, a
 *          character that the vocabulary lacks without one
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { wellFormed } from "../encoding/options.js";
import type { PickyEvent } from "../train/picky-bpe.js";
import { TokenChain } from "../train/token-chain.js";
import { replay } from "./event-replay.js";
import { EventTable } from "./event-table.js";

export interface PickyBpeModel {
  readonly events: readonly PickyEvent[];
  /** By id. */
  readonly vocabulary: readonly string[];
}

export interface PickyBpeOptions {
  /** Put before each word. Default: "▁". */
  readonly wordStart?: string;
  /** For characters that the vocabulary lacks. Default: none; such a character is an error. */
  readonly unknown?: string;
}

export interface EventEncoder {
  tokenize(text: string): string[];
  encode(text: string): Uint32Array;
}

const WHERE = "pickyBpeEncoder";

export function pickyBpeEncoder(
  { events, vocabulary }: PickyBpeModel,
  { wordStart = "▁", unknown }: PickyBpeOptions = {},
): EventEncoder {
  const ids = new Map(vocabulary.map((token, id) => [token, id]));
  if (unknown !== undefined && !ids.has(unknown))
    throw new ArgumentError(WHERE, "unknown", "a token of the vocabulary", unknown);
  const table = tableOf(events);

  function tokenize(text: string): string[] {
    const words = wellFormed(text)
      .split(/\p{White_Space}+/u)
      .filter((word) => word !== "")
      .map((word) => wordStart + word);
    const chain = new TokenChain(wordStart.length * words.length + text.length, words.length);
    for (const word of words) {
      chain.addWord(1);
      // A word that is a token stays one, whatever events say.
      if (!ids.has(word)) for (const character of word) chain.addToken(symbolOf(character));
    }
    replay(chain, table);
    const tokens: string[] = [];
    let at = 0;
    for (const [i, word] of words.entries()) {
      if (ids.has(word)) tokens.push(word);
      for (; at < chain.length && chain.wordOf[at] === i; at += chain.spans[at]!)
        tokens.push(table.tokens.tokens[chain.ids[at]!]!);
    }
    return tokens;
  }

  function symbolOf(character: string): number {
    if (ids.has(character)) return table.numberOf(character);
    if (unknown === undefined)
      throw new ArgumentError(
        WHERE,
        "text",
        "made of characters of the vocabulary",
        character,
        "Name an unknown token.",
      );
    return table.numberOf(unknown);
  }

  return {
    tokenize,
    encode: (text) => Uint32Array.from(tokenize(text), (token) => ids.get(token)!),
  };
}

function tableOf(events: readonly PickyEvent[]): EventTable {
  const table = new EventTable();
  for (const [i, [kind, token, ...others]] of events.entries()) {
    const where = `events[${i}]`;
    if (kind === "merge" && others.length === 1) table.addMerge(token, others[0]!);
    else if (kind === "split" && others.join("") === token) table.addSplit(token, others);
    else throw new ArgumentError(WHERE, where, "a merge of two tokens or a split", events[i]);
  }
  return table;
}
