/**
 * Writes a text in the byte alphabet of GPT-2, one character for each byte of its UTF-8.
 *
 * Cost     one pass
 */
import { type AlignedText, Rewriting } from "../text/aligned.js";
import { byteCharacters, utf8At } from "../text/byte-characters.js";

export function toByteCharacters(from: AlignedText): AlignedText {
  const characters = byteCharacters();
  const buffer = new Uint8Array(4);
  const out = new Rewriting(from);
  const { text } = from;
  while (out.at < text.length) {
    const count = utf8At(text, out.at, text.length, buffer);
    let content = "";
    for (let i = 0; i < count; i++) content += String.fromCharCode(characters[buffer[i]!]!);
    out.replace(content, count === 4 ? 2 : 1);
  }
  return out.done();
}
