/** Bytes as strings of units 0 to 255, whose order is that of the bytes, and in the byte alphabet. */
import { byteCharacters } from "../text/byte-characters.js";

/** The UTF-8 bytes of a text, a unit each; a lone surrogate counts as U+FFFD. */
export function unitsOf(text: string): string {
  let units = "";
  for (const byte of new TextEncoder().encode(text)) units += String.fromCharCode(byte);
  return units;
}

/** The text that such units are, undefined where they are none. */
export function textOfUnits(units: string): string | undefined {
  const bytes = Uint8Array.from(units, (unit) => unit.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const CODES: Uint16Array = /* @__PURE__ */ byteCharacters();

export function byteText(units: string): string {
  let text = "";
  for (let i = 0; i < units.length; i++) text += String.fromCharCode(CODES[units.charCodeAt(i)]!);
  return text;
}
