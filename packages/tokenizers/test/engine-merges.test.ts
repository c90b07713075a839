/** Merge lists drawn at random, in order and out of order: the engines against the pipeline. */
import { expect, it } from "vitest";
import { loadTokenizer } from "../src/index.js";
import { byteCharacters } from "../src/text/byte-characters.js";
import { byteText } from "./engine-files.js";
import { drawing } from "./engine-texts.js";

const LISTS = 24;
const MOST_LETTERS = 6;
const LONG = 3000;
const PLAIN = { addSpecialTokens: false } as const;
const ALPHABETS = [
  ["a", "b", "c"],
  ["中", "丮", "a"],
  ["é", "ê", "a"],
];

type Merges = [string, string][];

function file(merges: Merges): object {
  const tokens = new Set(Array.from(byteCharacters(), (code) => String.fromCharCode(code)));
  for (const [left, right] of merges) tokens.add(left + right);
  return {
    version: "1.0",
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      vocab: Object.fromEntries([...tokens].map((token, id) => [token, id])),
      merges,
    },
  };
}

/** `shuffled`: merges may stand before those that make their halves. */
function drawn(letters: readonly string[], seed: number, shuffled: boolean): Merges {
  const draw = drawing(seed);
  const symbols = [...new Set(byteText(letters.join("")))];
  const merges: Merges = [];
  const listed = new Set<string>();
  for (let tries = 0; tries < 60 && merges.length < 24; tries++) {
    const left = symbols[draw(symbols.length)]!;
    const right = symbols[draw(symbols.length)]!;
    if (left.length + right.length > 9 || listed.has(`${left} ${right}`)) continue;
    listed.add(`${left} ${right}`);
    merges.splice(shuffled ? draw(merges.length + 1) : merges.length, 0, [left, right]);
    if (!symbols.includes(left + right)) symbols.push(left + right);
  }
  return merges;
}

async function compare(merges: Merges, texts: Iterable<string>): Promise<void> {
  const wasm = await loadTokenizer(file(merges));
  expect(wasm.path.name).toBe("wasm");
  for (const text of texts) {
    const expected = wasm.encodeWithOffsets(text, PLAIN).ids.join();
    const found = wasm.encode(text, PLAIN).join();
    if (found !== expected) expect([merges, text, found]).toEqual([merges, text, expected]);
  }
}

function* strings(letters: readonly string[], most: number): Generator<string> {
  let last = [""];
  for (let length = 1; length <= most; length++) {
    last = last.flatMap((text) => letters.map((letter) => text + letter));
    yield* last;
  }
}

it.each([
  ["in order", false],
  ["out of order", true],
])("merges that come %s", async (_, shuffled) => {
  for (let list = 0; list < LISTS; list++) {
    const letters = ALPHABETS[list % ALPHABETS.length]!;
    const draw = drawing(list);
    const long = Array.from({ length: LONG }, () => letters[draw(letters.length)]!).join("");
    const rows = letters.map((letter) => letter.repeat(LONG));
    const texts = [...strings(letters, MOST_LETTERS), long, ...rows];
    await compare(drawn(letters, list, shuffled), texts);
  }
});

it("a merge across the front of a character comes before its last one", async () => {
  const [a, b, c] = byteText("中");
  const merges: Merges = [
    [a!, b!],
    ["a", a! + b!],
    [a! + b!, c!],
  ];
  await compare(merges, ["a中", "中", "b中a中"]);
});

it("a merge across the end of a character comes before its last one", async () => {
  const [a, b, c] = byteText("中");
  const merges: Merges = [
    [b!, c!],
    [b! + c!, "a"],
    [a!, b! + c!],
  ];
  await compare(merges, ["中a", "中", "中a中b"]);
});

it("the end of a window decides over more tokens than are taken back", async () => {
  const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO"];
  // The later two letters stand the earlier they merge: how a row is paired depends on where it ends.
  const merges = letters.slice(1).map((letter, i): [string, string] => [letters[i]!, letter]);
  merges.reverse();
  const row = letters.join("").repeat(120);
  await compare(
    merges,
    [0, 1, 2, 3].map((from) => row.slice(from)),
  );
});
