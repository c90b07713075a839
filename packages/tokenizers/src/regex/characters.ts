/** Single characters of a pattern: escaping and the cases that count as equal; and the parser's cursor. */

/** Where the parser stands. */
export interface Cursor {
  readonly source: string;
  readonly path: string;
  at: number;
  ignoreCase: boolean;
  depth: number;
}

/** One character, escaped; with its other cases where case is ignored. */
export function literal(character: string, ignoreCase: boolean): string {
  if (!ignoreCase) return escaped(character);
  const all = casesOf(character);
  return all.length === 1 ? escaped(character) : `[${all.map(escaped).join("")}]`;
}

export function casesOf(character: string): string[] {
  const lower = character.toLowerCase();
  const all = new Set([character, lower, character.toUpperCase(), lower.toUpperCase()]);
  if (lower === "s" || character === "ſ") for (const c of "sSſ") all.add(c);
  if (lower === "k") for (const c of "kK\u212a") all.add(c);
  if (lower === "å") for (const c of "åÅ\u212b") all.add(c);
  return [...all].filter((c) => [...c].length === 1);
}

export const escaped = (character: string): string =>
  /^[A-Za-z0-9]$/.test(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`;
