/**
 * The tokenizer interface: text to ids and back.
 *
 * Offsets everywhere count UTF-16 units of the text that was passed in, as `text.slice(start, end)` does.
 */

/** What one call of `encode`, `encodeWithOffsets` or `count` may set. */
export interface EncodeOptions {
  /** Add what the file's post-processor adds (begin and end markers). Default: true. */
  readonly addSpecialTokens?: boolean;
  /** Read special tokens that stand in the text as plain text. For untrusted text. Default: false. */
  readonly specialTokensAsText?: boolean;
}

/** Ids with the place of each in the text. */
export interface Encoding {
  readonly ids: Uint32Array;
  /**
   * Flat `[start, end, start, end, ...]`, two for each id. A token that is a part of one character has the span of
   * the whole character; a token that the post-processor added has `0, 0`.
   */
  readonly offsets: Uint32Array;
}

export interface DecodeOptions {
  /** Leave out the tokens that the file marks as special. Default: false. */
  readonly skipSpecialTokens?: boolean;
}

/**
 * Turns ids into text one at a time, never half a character. The pieces joined are what `decode` gives for all ids (but
 * for runs of `<0xNN>` tokens that are not UTF-8, where `decode` replaces the whole run).
 */
export interface StreamDecoder {
  /** The text that is now certain; empty while a character is not complete. */
  push(id: number): string;
  /** What was held back. The decoder then starts anew. */
  end(): string;
}

/** One part of a message whose content is a list. Templates decide what they read of it. */
export interface MessagePart {
  readonly type: string;
  readonly text?: string;
  readonly [key: string]: unknown;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: string | readonly MessagePart[];
  readonly [key: string]: unknown;
}

export interface ChatOptions {
  /** End with what opens the assistant's turn. Default: false. */
  readonly addGenerationPrompt?: boolean;
  /** Which template, where the file has several. Default: "default". */
  readonly template?: string;
  /** Further names that the template may read, such as `tools`. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** The tokens with a role, by their ids; absent where the configuration names none. */
export interface SpecialIds {
  readonly bos?: number;
  readonly eos?: number;
  readonly pad?: number;
  readonly unknown?: number;
  /** Every token marked as special, ascending. */
  readonly all: readonly number[];
}

/** What every tokenizer can do; the interface that a plug-in implements. */
export interface TextCodec {
  /** For logs. */
  readonly name: string;
  /** Any string is legal; a lone surrogate counts as U+FFFD. */
  encode(text: string, options?: EncodeOptions): Uint32Array;
  decode(ids: ArrayLike<number>, options?: DecodeOptions): string;
}

/** The way that `encode` and `count` take; `encodeWithOffsets` takes the general one. */
export interface EncodingPath {
  /** `wasm`: WebAssembly; `js`: a state machine in JavaScript; `general`: the steps of the file one after the other. */
  readonly name: "wasm" | "js" | "general";
  /** Why no faster one; empty for `wasm`. */
  readonly reason: string;
}

export interface Tokenizer extends TextCodec {
  encodeWithOffsets(text: string, options?: EncodeOptions): Encoding;
  /** `encode(text, options).length`, without the array. */
  count(text: string, options?: EncodeOptions): number;
  /** A new stream; streams do not share state. */
  decoder(options?: DecodeOptions): StreamDecoder;
  /** The text of a conversation by the chat template. Encode it with `addSpecialTokens: false`. */
  renderChat(messages: readonly ChatMessage[], options?: ChatOptions): string;
  tokenToId(token: string): number | undefined;
  idToToken(id: number): string | undefined;
  readonly specialIds: SpecialIds;
  /** Number of tokens, added ones included. */
  readonly vocabularySize: number;
  readonly path: EncodingPath;
}
