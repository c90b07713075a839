/**
 * Tokens by id and ids by token, of the model and of the added tokens together.
 *
 * Cost     one reference a token, beside the model's vocabulary
 */
import type { AddedToken } from "./added-tokens.js";

export interface TokenTable {
  idOf(token: string): number | undefined;
  tokenOf(id: number): string | undefined;
  readonly size: number;
}

export function tokenTable(
  vocabulary: ReadonlyMap<string, number>,
  added: readonly AddedToken[],
): TokenTable {
  const extra = new Map<string, number>();
  for (const { content, id } of added) if (!vocabulary.has(content)) extra.set(content, id);
  const size = vocabulary.size + extra.size;
  // A list without holes is the smallest; ids that lie far apart would make it large.
  const isDense = Math.max(highest(vocabulary), highest(extra)) < 2 * size + 1024;
  const tokens = isDense ? new Array<string | undefined>(0) : new Map<number, string>();
  const put = (token: string, id: number): void => {
    if (tokens instanceof Map) tokens.set(id, token);
    else {
      while (tokens.length <= id) tokens.push(undefined);
      tokens[id] = token;
    }
  };
  for (const [token, id] of vocabulary) put(token, id);
  for (const [token, id] of extra) put(token, id);
  return {
    idOf: (token) => vocabulary.get(token) ?? extra.get(token),
    tokenOf: (id) => (tokens instanceof Map ? tokens.get(id) : tokens[id]),
    size,
  };
}

function highest(ids: ReadonlyMap<string, number>): number {
  let most = -1;
  for (const id of ids.values()) most = Math.max(most, id);
  return most;
}
