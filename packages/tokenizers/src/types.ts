/**
 * The tokenizer interface: text to ids and back.
 *
 * Offsets everywhere count UTF-16 units of the text that was passed in, as `text.slice(start, end)` does.
 */

/** What one call of `encode`, `encodeWithOffsets` or `count` may set. */
export interface EncodeOptions {
  /** Add what the file's post-processor adds (begin and end markers). Default: true. */
  readonly addSpecialTokens?: boolean;
  /** Read special tokens that stand in the text as plain text, all or those named. For untrusted text. Default: false. */
  readonly specialTokensAsText?: boolean | readonly string[];
  /** Refuse a text that holds special tokens, any or those named. Default: false. */
  readonly refuseSpecialTokens?: boolean | readonly string[];
  /** Cut what is longer. null: not even as the file says. Default: as the file says. */
  readonly truncation?: Truncation | null;
  /** Fill up what is shorter. null: not even as the file says. Default: as the file says. */
  readonly padding?: Padding | null;
  /** Give the first so many ids only, and read no more of the text than they need. */
  readonly maxTokens?: number;
  /** Give the text of each id too. Default: false. */
  readonly surfaces?: boolean;
  /** What offsets count: UTF-16 units, or bytes of UTF-8. Default: "utf16". */
  readonly offsetUnit?: "utf16" | "bytes";
}

export interface Truncation {
  /** Tokens of the whole, added ones included. */
  readonly maxLength: number;
  /** Which side is cut; `middle` keeps both ends and has no overflowing windows. Default: "right". */
  readonly side?: "right" | "left" | "middle";
  /** Tokens that an overflowing window shares with the one before it. Default: 0. */
  readonly stride?: number;
  /** Which of two texts gives way. Default: "longest-first". */
  readonly strategy?: "longest-first" | "only-first" | "only-second";
}

export interface Padding {
  readonly id: number;
  /** Default: 0. */
  readonly typeId?: number;
  /** Fill up to this length, or to that of the longest of the batch. Default: "longest". */
  readonly to?: number | "longest";
  /** Then up to a multiple of this. Default: 1. */
  readonly multipleOf?: number;
  /** Where the filling goes. Default: "right". */
  readonly side?: "right" | "left";
}

/** A text, or a text as words that are encoded one by one; offsets then count within each word. */
export type TextInput = string | readonly string[];

/** One text, or two. */
export interface EncodeInput {
  readonly text: TextInput;
  readonly pair?: TextInput;
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

/** All that is known of each id. */
export interface InputEncoding extends Encoding {
  /** The piece of the pre-tokenizer, or the word of the input, that the id is from; -1 for tokens that were added. */
  readonly wordIds: Int32Array;
  readonly typeIds: Uint32Array;
  /** 0: the first text, 1: the second, -1: a token that was added. */
  readonly sequenceIds: Int8Array;
  /** 1 for tokens that were added. */
  readonly specialTokensMask: Uint8Array;
  /** 0 for padding. */
  readonly attentionMask: Uint8Array;
  /** The normalized text that each id stands for, "" for tokens that were added; where asked for. */
  readonly surfaces?: readonly string[];
  /** The further windows, where truncation left some. */
  readonly overflowing: readonly InputEncoding[];
}

/** Encodes a text that comes in parts. All ids joined are those of `encode` for the whole text. */
export interface StreamEncoder {
  /** The ids that are now certain. */
  push(chunk: string): Uint32Array;
  /** The ids of what was held back. The encoder then starts anew. */
  end(): Uint32Array;
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
  /** One text or two, with all that is known of each id. */
  encodeInput(input: EncodeInput, options?: EncodeOptions): InputEncoding;
  /** Each input; padding goes by the longest. */
  encodeBatch(inputs: readonly EncodeInput[], options?: EncodeOptions): InputEncoding[];
  /** A new stream; takes `addSpecialTokens` and the options on special tokens. */
  encoder(options?: EncodeOptions): StreamEncoder;
  /** What the normalizer makes of a text. */
  normalize(text: string): string;
  /** The pieces that the pre-tokenizer makes of a text that is normalized already. */
  preTokenize(text: string): { pieces: string[]; offsets: Uint32Array };
  /** Tokens are bytes, in the alphabet of GPT-2 or as ranks, and `encodePiece` is there. */
  readonly isByteLevel: boolean;
  /** The model alone, on the bytes of one piece of the pre-tokenizer; they need not be UTF-8. */
  encodePiece(bytes: Uint8Array): Uint32Array;
  /** `encode(text, options).length`, without the array. */
  count(text: string, options?: EncodeOptions): number;
  /** The bytes that the ids stand for, also where they are no whole text. */
  decodeBytes(ids: ArrayLike<number>): Uint8Array;
  /** With the UTF-16 unit at which each id begins, of a tokenizer whose tokens are bytes. */
  decodeWithStarts(ids: ArrayLike<number>): { text: string; starts: Uint32Array };
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
