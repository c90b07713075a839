import { describe, expect, it } from "vitest";
import { loadTokenizer } from "../load.js";
import type { Tokenizer } from "../types.js";
import { allowedTokens, forcedAfter, healPrompt } from "./healing.js";
import { tokenBytes } from "./token-bytes.js";
import { encodeWithUnstable } from "./unstable.js";

const utf8 = new TextEncoder();
const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const MADE = ["he", "ll", "hell", "hello", "://", "http", " w", "\n\n", "  ", "ht"];
const END = 300;

/** All bytes, by their numbers, then the tokens of MADE, then a hole and a special token. */
function tokenizer(): Promise<Tokenizer> {
  const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  const tokens = [...bytes, ...MADE.map((token) => utf8.encode(token))];
  const ranks = tokens.map((token, id) => `${base64(token)} ${id}`).join("\n");
  const tiktoken = { pattern: "gpt2", specialTokens: { "<|end|>": END } };
  return loadTokenizer(ranks, { tiktoken });
}
const id = (token: string): number =>
  token.length === 1 ? token.charCodeAt(0) : 256 + MADE.indexOf(token);
const ids = (...tokens: string[]): number[] => tokens.map(id);

describe("tokenBytes", () => {
  it("knows the tokens behind a hole", async () => {
    const tokens = tokenBytes(await tokenizer());
    expect(tokens.size).toBe(END + 1);
    expect([tokens.bytesOf(280).length, tokens.bytesOf(END).length]).toEqual([0, 0]);
    expect(() => tokens.bytesOf(END + 1)).toThrow(/a whole number below 301/);
  });
});

describe("healPrompt", () => {
  it("takes back the last token where a longer one begins with it", async () => {
    const tokens = tokenBytes(await tokenizer());
    const healed = healPrompt(ids("http", ":"), tokens);
    expect([...healed.prefixIds]).toEqual(ids("http"));
    expect(healed.forcedBytes).toEqual(utf8.encode(":"));
    expect([...allowedTokens(healed.forcedBytes, tokens)!]).toEqual(ids(":", "://"));
    expect(forcedAfter(healed.forcedBytes, id("://"), tokens)).toHaveLength(0);
  });

  it("takes back the longest end that a token goes beyond, up to the limit", async () => {
    const tokens = tokenBytes(await tokenizer());
    const prompt = ids("a", "h", "e", "ll");
    // "ll" begins nothing longer, "ell" neither, "hell" does.
    expect([...healPrompt(prompt, tokens).prefixIds]).toEqual(prompt);
    const healed = healPrompt(prompt, tokens, { maxBackup: 3 });
    expect([...healed.prefixIds]).toEqual(ids("a"));
    expect(healed.forcedBytes).toEqual(utf8.encode("hell"));
    const allowed = [...allowedTokens(healed.forcedBytes, tokens)!];
    expect(allowed).toEqual(ids("h", "he", "hell", "hello"));
    const rest = forcedAfter(healed.forcedBytes, id("he"), tokens);
    expect(rest).toEqual(utf8.encode("ll"));
    expect([...allowedTokens(rest, tokens)!]).toEqual(ids("l", "ll"));
  });

  it("leaves a prompt alone that has nothing to heal", async () => {
    const tokens = tokenBytes(await tokenizer());
    for (const prompt of [[], ids("a", "hello"), [...ids("h"), END], ids(":")])
      for (const maxBackup of [0, 1, 9]) {
        const { prefixIds, forcedBytes } = healPrompt(prompt, tokens, { maxBackup });
        const isHealed = prompt.at(-1) === id(":") && maxBackup > 0;
        expect([...prefixIds]).toEqual(isHealed ? [] : prompt);
        expect(forcedBytes.length).toBe(isHealed ? 1 : 0);
      }
    expect(allowedTokens(new Uint8Array(0), tokens)).toBeNull();
  });

  it("does not go back over a special token", async () => {
    const tokens = tokenBytes(await tokenizer());
    const { prefixIds, forcedBytes } = healPrompt([id("h"), END, id("h")], tokens, {
      maxBackup: 3,
    });
    expect([...prefixIds]).toEqual([id("h"), END]);
    expect(forcedBytes).toEqual(utf8.encode("h"));
  });

  it("reaches every encoding of the text that goes on", async () => {
    const loaded = await tokenizer();
    const tokens = tokenBytes(loaded);
    const whole = [...loaded.encode("a hello")];
    const healed = healPrompt(loaded.encode("a hel"), tokens, { maxBackup: 8 });
    let forced = healed.forcedBytes;
    for (const next of whole.slice(healed.prefixIds.length)) {
      expect(allowedTokens(forced, tokens)?.includes(next) ?? true).toBe(true);
      forced = forcedAfter(forced, next, tokens);
    }
  });

  it("refuses wrong arguments", async () => {
    const tokens = tokenBytes(await tokenizer());
    expect(() => healPrompt([], tokens, { maxBackup: 0.5 })).toThrow(/maxBackup must be/);
    expect(() => healPrompt([999], tokens)).toThrow(/id must be/);
    expect(() => forcedAfter(utf8.encode("he"), id("a"), tokens)).toThrow(/that are allowed/);
    expect(() => forcedAfter(utf8.encode("he"), END, tokens)).toThrow(/stands for bytes/);
  });
});

describe("encodeWithUnstable", () => {
  const described = async (text: string): Promise<[number[], number[][]]> => {
    const { stable, completions } = encodeWithUnstable(await tokenizer(), text);
    return [[...stable], completions.map((completion) => [...completion])];
  };

  it("lists what the last piece may become", async () => {
    expect(await described("a hel")).toEqual([
      ids("a"),
      // "ll" would make "hell" of it, which is in the list.
      [
        [...ids(" "), id("he"), id("l")],
        [...ids(" "), id("hell")],
        [...ids(" "), id("hello")],
      ],
    ]);
  });

  it("holds back all white space at the end", async () => {
    const [stable, completions] = await described("a\n ");
    expect(stable).toEqual(ids("a"));
    expect(completions).toContainEqual(ids("\n", " "));
    expect(completions).toContainEqual(ids("\n", " w"));
  });

  it("splits off a last space that something may follow", async () => {
    const [, completions] = await described("\n\n");
    expect(completions).toContainEqual(ids("\n\n"));
    expect(completions).toContainEqual(ids("\n", "\n"));
  });

  it("has nothing to say behind a special token or of no text", async () => {
    expect(await described("a<|end|>")).toEqual([[id("a"), END], []]);
    expect(await described("")).toEqual([[], []]);
  });

  it("gives completions that all begin with the text", async () => {
    const loaded = await tokenizer();
    for (const text of ["hell", "x ht", "é", "a  ", "://:"]) {
      const { stable, completions } = encodeWithUnstable(loaded, text);
      const given = utf8.encode(text);
      expect(completions.length).toBeGreaterThan(0);
      for (const completion of completions) {
        const bytes = loaded.decodeBytes([...stable, ...completion]);
        expect(bytes.subarray(0, given.length)).toEqual(given);
      }
    }
  });
});
