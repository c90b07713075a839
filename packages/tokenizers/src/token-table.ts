/**
 * Tokens by id and ids by token, of the model and of the added tokens together.
 *
 * Cost     nothing beside the model's vocabulary but the tokens that it lacks; the text of a token is made when it is first
 *          asked for
 */
import type { AddedToken } from "./added-tokens.js";
import { TokenArena } from "./models/token-arena.js";

export interface TokenTable {
  idOf(token: string): number | undefined;
  tokenOf(id: number): string | undefined;
  readonly size: number;
}

export function tokenTable(
  vocabulary: ReadonlyMap<string, number>,
  added: readonly AddedToken[],
): TokenTable {
  const arena = TokenArena.of(vocabulary);
  const extra = new Map<string, number>();
  for (const { content, id } of added) if (!arena.has(content)) extra.set(content, id);
  const contents = new Map(Array.from(extra, ([content, id]) => [id, content]));
  return {
    idOf: (token) => arena.get(token) ?? extra.get(token),
    tokenOf: (id) => contents.get(id) ?? arena.tokenOf(id),
    size: arena.size + extra.size,
  };
}
