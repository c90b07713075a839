/**
 * Encodes and decodes by an engine: added tokens are cut out, the rest goes to the engine.
 *
 * Cost     what the engine costs; `encode` copies the ids once, `count` not at all
 * State    a sink that all calls share
 */
import { ArgumentError } from "@frugal/tensor/errors";
import { type AddedToken, addedTokenFinder } from "../added-tokens.js";
import { byteDecoder } from "../encoding/decode-bytes.js";
import { textTest, wellFormed } from "../encoding/options.js";
import type { ByteVocabulary } from "../engine/byte-vocabulary.js";
import type { Engine } from "../engine/engine.js";
import { TokenSink } from "../models/sink.js";
import type { TokenArena } from "../models/token-arena.js";
import { type Form, normalized } from "../normalizers/canonical-order.js";
import { tokenTable } from "../token-table.js";
import type { DecodeOptions, EncodeOptions, EncodingPath } from "../types.js";

export type SpecialTokenOptions = Pick<
  EncodeOptions,
  "specialTokensAsText" | "refuseSpecialTokens"
>;

export interface ByteLevelEncoder {
  encode(text: string, options?: SpecialTokenOptions): Uint32Array;
  /** `encode(text, options).length`, without the array. */
  count(text: string, options?: SpecialTokenOptions): number;
  decode(ids: ArrayLike<number>, options?: DecodeOptions): string;
  /** The bytes that the ids stand for, also where they are no whole text; an id without a token has none. */
  decodeBytes(ids: ArrayLike<number>): Uint8Array;
  tokenToId(token: string): number | undefined;
  /** Every token marked as special, ascending. */
  readonly specialIds: readonly number[];
  /** Number of tokens, added ones included. */
  readonly vocabularySize: number;
  readonly path: EncodingPath;
}

export function byteLevelEncoder(parts: {
  readonly engine: Engine;
  readonly reason: string;
  readonly vocabulary: ByteVocabulary;
  readonly tokens: TokenArena;
  readonly added: readonly AddedToken[];
  readonly form: Form | null;
  /** See addedTokenFinder. */
  readonly searchInside: boolean;
}): ByteLevelEncoder {
  const { engine, vocabulary, added, form } = parts;
  const inForm = (text: string): string => (form === null ? text : normalized(text, form));
  const raw = addedTokenFinder(
    added.filter((token) => !token.normalized),
    (token) => token.content,
    parts.searchInside,
  );
  const inNormal = addedTokenFinder(
    added.filter((token) => token.normalized),
    (token) => inForm(token.content),
    parts.searchInside,
  );
  const table = tokenTable(parts.tokens, added);
  const named = byteDecoder(table);
  const addedIds = new Set(added.map(({ id }) => id));
  const specialIds = added.filter((token) => token.special).map(({ id }) => id);
  const special = new Set(specialIds);
  const sink = new TokenSink();

  function run(given: string, options: SpecialTokenOptions): void {
    const isText = textTest(options);
    sink.clear(false);
    const add = (token: AddedToken): void => sink.add(token.id, 0, 0);
    const segment = (from: string): void => {
      const text = inForm(from);
      if (inNormal === null) engine.encode(text, sink);
      else inNormal.scan(text, isText, (a, b) => engine.encode(part(text, a, b), sink), add);
    };
    const text = wellFormed(given);
    if (raw === null) segment(text);
    else raw.scan(text, isText, (a, b) => segment(part(text, a, b)), add);
  }

  function bytesAt(id: number): Uint8Array {
    if (!Number.isInteger(id) || id < 0)
      throw new ArgumentError("decode", "id", "a whole number from 0 up", id);
    if (addedIds.has(id) || id >= vocabulary.size) return named.bytesOf(id);
    const bytes = vocabulary.bytes.subarray(vocabulary.offsets[id], vocabulary.offsets[id + 1]);
    return bytes.length > 0 ? bytes : named.bytesOf(id);
  }

  function joined(ids: ArrayLike<number>, skipped?: ReadonlySet<number>): Uint8Array {
    let out = new Uint8Array(ids.length * 4 + 16);
    let length = 0;
    for (let i = 0; i < ids.length; i++) {
      const bytes = bytesAt(ids[i]!);
      if (skipped?.has(ids[i]!)) continue;
      if (length + bytes.length > out.length) {
        const longer = new Uint8Array(Math.max(out.length * 2, length + bytes.length));
        longer.set(out);
        out = longer;
      }
      out.set(bytes, length);
      length += bytes.length;
    }
    return out.subarray(0, length);
  }

  return {
    encode(text, options = {}) {
      run(text, options);
      return sink.ids.slice(0, sink.length);
    },
    count(text, options = {}) {
      run(text, options);
      return sink.length;
    },
    decode: (ids, { skipSpecialTokens = false } = {}) =>
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        joined(ids, skipSpecialTokens ? special : undefined),
      ),
    decodeBytes: (ids) => joined(ids).slice(),
    tokenToId: (token) => table.idOf(token),
    specialIds: specialIds.sort((a, b) => a - b),
    vocabularySize: table.size,
    path: { name: engine.path, reason: parts.reason },
  };
}

const part = (text: string, start: number, end: number): string =>
  start === 0 && end === text.length ? text : text.slice(start, end);
