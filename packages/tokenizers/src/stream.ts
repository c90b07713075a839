/**
 * Runs ids through the stages of a decoder.
 *
 * Cost     O(1) for an id, plus what the stages do; text that is not certain yet is held back by the stages
 * Differs  as in Hugging Face tokenizers, a stream gives no text that ends in U+FFFD, nor any while a character is
 *          unfinished; unlike there, `end` gives what was held back. An id that the vocabulary lacks gives no text, as in Hugging Face tokenizers
 * Errors   ArgumentError: an id that is no whole number from 0 up
 */
import { ArgumentError } from "@frugal/tensor/errors";
import type { Stage, StageKind } from "./decoders/stage.js";
import type { TokenTable } from "./token-table.js";
import type { StreamDecoder } from "./types.js";

export function streamDecoder(
  kinds: readonly StageKind[],
  table: Pick<TokenTable, "tokenOf">,
  left: ReadonlySet<number> | undefined,
  eager: boolean,
): StreamDecoder {
  let out = "";
  const stages = kinds.map((kind) => kind.make(eager));
  // feeds[i] hands a token to stage i; the last one is the text.
  const feeds: ((token: string) => void)[] = [
    (token) => {
      out += token;
    },
  ];
  for (const stage of stages.toReversed()) feeds.unshift(feed(stage, feeds[0]!));

  const taken = (): string => {
    const text = out;
    out = "";
    return text;
  };

  /** Whether the text so far would end in U+FFFD. */
  const isOpen = (): boolean =>
    out.endsWith("\ufffd") || stages.some((stage) => stage.isInside?.());

  return {
    push(id) {
      if (!Number.isInteger(id) || id < 0)
        throw new ArgumentError("decode", "id", "a whole number from 0 up", id);
      const token = left?.has(id) ? undefined : table.tokenOf(id);
      if (token !== undefined) feeds[0]!(token);
      return eager && isOpen() ? "" : taken();
    },
    end() {
      stages.forEach((stage, i) => {
        stage.end(feeds[i + 1]!);
      });
      return taken();
    },
  };
}

const feed =
  (stage: Stage, next: (token: string) => void): ((token: string) => void) =>
  (token) =>
    stage.push(token, next);
