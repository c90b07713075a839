/** Single characters of a pattern: escaping and the cases that count as equal; and the parser's cursor. */

/** `rust`: anchors mean the ends of the text, and `{n,m}+` gives nothing back; files of tiktoken are written so. */
export type Dialect = "oniguruma" | "rust";

/** Where the parser stands. */
export interface Cursor {
  readonly dialect: Dialect;
  readonly source: string;
  readonly path: string;
  at: number;
  ignoreCase: boolean;
  /** `.` matches a line end too. */
  dotAll: boolean;
  /** Number of the last capturing group; -1 where nothing refers to groups. */
  groups: number;
  depth: number;
}

/** One character, escaped; with its other cases where case is ignored. */
export function literal(character: string, ignoreCase: boolean): string {
  if (!ignoreCase) return escaped(character);
  const all = casesOf(character);
  return all.length === 1 ? escaped(character) : `[${all.map(escaped).join("")}]`;
}

/** Characters that count as one where case is ignored, beside their upper and lower cases. */
const FOLDED: readonly string[] = [
  "sſ",
  "k\u212a",
  "å\u212b",
  "\u00b5μ",
  "σς",
  "βϐ",
  "θϑϴ",
  "φϕ",
  "πϖ",
  "κϰ",
  "ρϱ",
  "εϵ",
  "ṡẛ",
  "ι\u0345\u1fbe",
  "ω\u2126",
];

export function casesOf(character: string): string[] {
  const lower = character.toLowerCase();
  const all = new Set([character, lower, character.toUpperCase(), lower.toUpperCase()]);
  for (const row of FOLDED) {
    if ([...all].some((c) => row.includes(c)))
      for (const c of row) for (const same of [c, c.toUpperCase()]) all.add(same);
  }
  return [...all].filter((c) => [...c].length === 1);
}

export const escaped = (character: string): string =>
  /^[A-Za-z0-9]$/.test(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`;
