/** `frugal tokenize FILE`: what a tokenizer makes of a text. */
import type { Tokenizer } from "@frugal/tokenizers";
import { hasColor, type Io } from "../io.js";
import type { NamedTokenizer } from "./places.js";

export interface EncodeFlags {
  readonly ids?: boolean;
  readonly count?: boolean;
  readonly offsets?: boolean;
  readonly json?: boolean;
  /** False: without what the tokenizer's file adds around a text. */
  readonly added: boolean;
}

export function showEncoding(
  text: string,
  { name, tokenizer }: NamedTokenizer,
  flags: EncodeFlags,
  io: Io,
): void {
  const options = { addSpecialTokens: flags.added };
  if (flags.count) {
    const count = tokenizer.count(text, options);
    io.out.write(flags.json ? jsonLine({ tokenizer: name, count }) : `${count}\n`);
    return;
  }
  if (flags.ids) {
    const ids = [...tokenizer.encode(text, options)];
    io.out.write(flags.json ? jsonLine({ tokenizer: name, ids }) : `${ids.join(" ")}\n`);
    return;
  }
  const { ids, offsets } = tokenizer.encodeWithOffsets(text, options);
  const tokens = tokensOf(text, ids, offsets, tokenizer);
  if (flags.json) io.out.write(jsonLine({ tokenizer: name, count: ids.length, tokens }));
  else if (flags.offsets) io.out.write(tokens.map(line).join(""));
  else {
    io.out.write(`${summary(name, text, ids.length)}\n`);
    io.out.write(`${painted(tokens, hasColor(io, io.out))}\n${ids.join(" ")}\n`);
  }
}

interface Token {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Its stretch of the text; a token that the file adds: its name. Empty for what is left of a character begun before. */
  readonly piece: string;
}

function tokensOf(
  text: string,
  ids: Uint32Array,
  offsets: Uint32Array,
  tokenizer: Tokenizer,
): Token[] {
  let shown = 0;
  return Array.from(ids, (id, i) => {
    const start = offsets[2 * i]!;
    const end = offsets[2 * i + 1]!;
    const isAdded = end === 0;
    const piece = isAdded
      ? (tokenizer.idToToken(id) ?? "")
      : text.slice(Math.max(start, shown), end);
    shown = Math.max(shown, end);
    return { id, start, end, piece };
  });
}

const jsonLine = (value: object): string => `${JSON.stringify(value)}\n`;

const line = ({ id, start, end, piece }: Token): string =>
  `${id}\t${start}\t${end}\t${JSON.stringify(piece)}\n`;

function summary(name: string, text: string, count: number): string {
  const bytes = Buffer.byteLength(text);
  const each = count === 0 ? "" : `; ${(bytes / count).toFixed(2)} bytes a token`;
  return `${name}: ${count} tokens for ${text.length} characters, ${bytes} bytes${each}`;
}

/** Black on five light backgrounds in turn, so that neighbors differ. */
const BACKGROUNDS = [153, 194, 229, 218, 189];

function painted(tokens: readonly Token[], paint: boolean): string {
  if (!paint) return tokens.map(({ piece }) => visible(piece)).join("|");
  const pieces = tokens.map(({ piece }, i) => {
    const color = BACKGROUNDS[i % BACKGROUNDS.length]!;
    // A background that runs over a line's end would fill the rest of the line.
    return visible(piece).replace(/[^\n]+/g, (part) => `\u001b[30;48;5;${color}m${part}\u001b[0m`);
  });
  return pieces.join("");
}

/** A text may not steer the terminal: control characters are shown by their pictures. */
const visible = (piece: string): string =>
  piece.replace(/\p{Cc}/gu, (control) => {
    const code = control.charCodeAt(0);
    return code === 10 ? control : String.fromCharCode(0x2400 + (code < 32 ? code : 0x21));
  });
