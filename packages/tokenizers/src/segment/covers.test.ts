import { beforeAll, describe, expect, test } from "vitest";
import { loadTokenizer } from "../load.js";
import type { Tokenizer } from "../types.js";
import { ByteCovers, coverEncodings, isValidEncoding } from "./covers.js";
import { tokenBytes } from "./token-bytes.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const alphabet = (): [string, number][] => {
  const printable = Array.from({ length: 256 }, (_, byte) => byte).filter(
    (byte) =>
      (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255),
  );
  let extra = 256;
  return Array.from({ length: 256 }, (_, byte): [string, number] => [
    String.fromCharCode(printable.includes(byte) ? byte : extra++),
    byte,
  ]);
};

async function byteLevel(
  merges: readonly (readonly [string, string])[],
  useRegex: boolean,
): Promise<Tokenizer> {
  const vocab = new Map(alphabet());
  for (const [a, b] of merges) vocab.set(a + b, vocab.size);
  const bytesStep = { type: "ByteLevel", add_prefix_space: false, use_regex: useRegex };
  return loadTokenizer({
    version: "1.0",
    added_tokens: [{ id: vocab.size, content: "<end>", special: true }],
    pre_tokenizer: bytesStep,
    decoder: bytesStep,
    model: { type: "BPE", vocab: Object.fromEntries(vocab), merges },
  });
}

let paper: Tokenizer;
let words: Tokenizer;
beforeAll(async () => {
  paper = await byteLevel([["a", "a"]], true);
  words = await byteLevel(
    [
      ["t", "h"],
      ["th", "e"],
      ["Ġ", "the"],
      ["Ġ", "t"],
      ["Ã", "©"],
      ["Ġ", "Ã©"],
      ["Ġ", "Ġ"],
      ["'", "t"],
    ],
    true,
  );
});

describe("coverEncodings", () => {
  test("the paper's example: cover(a) is [a] and [aa]", () => {
    const { exact, beyond } = coverEncodings(paper, bytes("a"));
    expect(exact.map((ids) => [...ids])).toEqual([[97]]);
    expect(beyond).toHaveLength(1);
    expect([...beyond[0]!.left]).toEqual([]);
    expect([...beyond[0]!.tokens]).toEqual([256]);
    expect([...beyond[0]!.nextBytes]).toEqual([97]);
  });

  test("behind [a] nothing but another letter than a may follow", () => {
    const covers = new ByteCovers(paper);
    covers.push(bytes("a"));
    const mayFollow = covers.follower(covers.covers().exact[0]!);
    expect([mayFollow(97), mayFollow(98), mayFollow(256)]).toEqual([false, true, false]);
  });

  test.each(["", "t", " t", "the the", "a  ", "don'", "é é", "  the", "x\n\n"])(
    "all covers of %j are those that trying every sequence finds",
    (text) => {
      const { exact, beyond } = coverEncodings(words, bytes(text));
      const found = new Set([
        ...exact.map((ids) => ids.join()),
        ...beyond.flatMap(({ left, tokens }) => [...tokens].map((id) => [...left, id].join())),
      ]);
      expect(found).toEqual(tried(words, bytes(text)));
    },
  );

  test("half a character: the encodings with and without a piece before it", () => {
    const half = Uint8Array.of(0x20, 0xc3);
    const { exact, beyond } = coverEncodings(words, half);
    expect(exact.map((ids) => [...ids])).toEqual([[32, 0xc3]]);
    const reach = beyond.flatMap(({ left, tokens }) => [...tokens].map((id) => [...left, id]));
    expect(reach).toContainEqual([words.tokenToId("ĠÃ©")]);
  });

  test("what lies far back is kept as ids and changes nothing", () => {
    const covers = new ByteCovers(words);
    const text = "the the  the é don't ".repeat(20);
    for (const byte of bytes(text)) covers.push(Uint8Array.of(byte));
    const once = coverEncodings(words, bytes(text));
    expect(covers.covers()).toEqual(once);
    expect([...once.exact[0]!]).toEqual([...words.encode(text)]);
  });

  test("bytes that no text begins with are refused", () => {
    expect(() => coverEncodings(words, Uint8Array.of(0x80, 0x41))).toThrow(/UTF-8/);
  });
});

test("isValidEncoding", () => {
  expect(isValidEncoding(words, words.encode("the the"))).toBe(true);
  expect(isValidEncoding(words, [116, 104, 101])).toBe(false);
});

test("tokenBytes finds the tokens that begin with a prefix", () => {
  const tokens = tokenBytes(words);
  const names = [...tokens.startingWith(bytes(" t"))].map((id) => words.idToToken(id));
  expect(names).toEqual(["Ġt", "Ġthe"]);
  expect(tokens.startingWith(bytes("zz"))).toHaveLength(0);
  expect(tokens.bytesOf(words.tokenToId("<end>")!)).toHaveLength(0);
  expect(tokens.longest).toBe(4);
  expect(() => tokens.bytesOf(99999)).toThrow(/below/);
});

/** Every sequence of tokens that stands for the bytes or reaches beyond them with its last token, if it is valid. */
function tried(tokenizer: Tokenizer, goal: Uint8Array): Set<string> {
  const tokens = tokenBytes(tokenizer);
  const ids = [...tokens.startingWith(new Uint8Array(0))];
  const found = new Set<string>();
  const grow = (ids_: readonly number[], length: number): void => {
    if (length >= goal.length) {
      if (isValidEncoding(tokenizer, ids_)) found.add(ids_.join());
      return;
    }
    const rest = goal.subarray(length);
    for (const id of ids) {
      const part = tokens.bytesOf(id);
      if (part.every((byte, i) => i >= rest.length || byte === rest[i]))
        grow([...ids_, id], length + part.length);
    }
  };
  grow([], 0);
  return found;
}
